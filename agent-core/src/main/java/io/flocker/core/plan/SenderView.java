package io.flocker.core.plan;

import io.flocker.core.storage.Bookmark;
import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.stream.SendFlags;
import java.util.List;
import java.util.Optional;

/**
 * What the sender has, as far as planning needs it.
 *
 * @param dataset full name of the volume's dataset
 * @param snapshots of that dataset, in any order
 * @param bookmarks of the same dataset, in any order
 * @param capabilities of the sender's ZFS and pool
 * @param chainFlags how the streams that the receiver's copy was made of were sent; empty where
 *     nobody remembers
 */
public record SenderView(
    String dataset,
    List<Snapshot> snapshots,
    List<Bookmark> bookmarks,
    Capabilities capabilities,
    Optional<SendFlags> chainFlags) {
  public SenderView {
    snapshots = List.copyOf(snapshots);
    bookmarks = List.copyOf(bookmarks);
  }
}
