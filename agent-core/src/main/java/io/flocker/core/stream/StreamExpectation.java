package io.flocker.core.stream;

import io.flocker.core.id.Guid;
import io.flocker.core.storage.SendFlags;
import java.util.List;

/**
 * What the plan says a stream will bring.
 *
 * @param from guid of the snapshot that the stream builds on; 0 for a full stream
 * @param snapshots guids of the snapshots that it brings, oldest first; never empty
 * @param flags what the sender may have used
 * @param isResumed whether it is the rest of a stream that was cut
 */
public record StreamExpectation(
    Guid from, List<Guid> snapshots, SendFlags flags, boolean isResumed) {
  public StreamExpectation {
    snapshots = List.copyOf(snapshots);
    if (snapshots.isEmpty()) {
      throw new IllegalArgumentException("a stream brings at least one snapshot");
    }
  }
}
