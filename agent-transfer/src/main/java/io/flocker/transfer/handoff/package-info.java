/**
 * How a volume changes owner: prepared, quiesced, released, acquired, in that order.
 *
 * <p>Entry type: {@link io.flocker.transfer.handoff.Handoff}. Invariant: at every step at most one
 * node may write. The release is one property set at the source and is never undone; before it only
 * the source may abort, after it there is only forward.
 */
@NullMarked
package io.flocker.transfer.handoff;

import org.jspecify.annotations.NullMarked;
