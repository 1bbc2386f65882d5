/**
 * Brings the copies of volumes up to date that policies want.
 *
 * <p>Entry type: {@link io.flocker.transfer.replicate.PushReplicator}. Invariant: nothing is
 * snapshotted and sent for a copy that nothing was written for.
 */
@NullMarked
package io.flocker.transfer.replicate;

import org.jspecify.annotations.NullMarked;
