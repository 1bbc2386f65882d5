/**
 * Whether what a node has on record of its volumes is the last word: it asks its peers, and answers
 * theirs.
 *
 * <p>Entry type: {@link io.flocker.transfer.confirm.Confirmer}. Invariant: who is shown a later
 * owner puts itself out before it answers.
 */
@NullMarked
package io.flocker.transfer.confirm;

import org.jspecify.annotations.NullMarked;
