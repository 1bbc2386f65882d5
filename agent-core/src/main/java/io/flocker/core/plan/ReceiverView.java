package io.flocker.core.plan;

import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.ResumeState;
import io.flocker.core.storage.Snapshot;
import java.util.List;
import java.util.Optional;

/**
 * What the receiver has. Its bookmarks are no part of it: nothing can be received on top of one.
 *
 * @param isInTheWay whether there is a dataset that a first copy would fall on: one that is nothing
 *     but the saved state of a first receive is not
 * @param snapshots of that dataset, in any order
 * @param resume the saved state of a receive that was cut
 * @param capabilities of the receiver's ZFS and pool
 */
public record ReceiverView(
    boolean isInTheWay,
    List<Snapshot> snapshots,
    Optional<ResumeState> resume,
    Capabilities capabilities) {
  public ReceiverView {
    snapshots = List.copyOf(snapshots);
  }
}
