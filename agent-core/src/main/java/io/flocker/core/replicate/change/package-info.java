/**
 * Tells which volumes are written to.
 *
 * <p>Entry type: {@link io.flocker.core.replicate.change.Changes}. Invariant: what is told may be
 * told twice, and what a hint has missed the next comparison tells.
 */
@NullMarked
package io.flocker.core.replicate.change;

import org.jspecify.annotations.NullMarked;
