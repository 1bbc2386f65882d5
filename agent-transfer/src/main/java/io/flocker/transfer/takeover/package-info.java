/**
 * What an operator decides about a volume by force: that this node owns it from now on, or that its
 * superseded copy is set aside.
 *
 * <p>Entry type: {@link io.flocker.transfer.takeover.Takeover}. Invariant: nothing here can sign
 * for a user; what becomes of a volume is what a user has signed, or less.
 */
@NullMarked
package io.flocker.transfer.takeover;

import org.jspecify.annotations.NullMarked;
