package io.flocker.core.replicate;

import io.flocker.core.id.Guid;
import java.time.Instant;

/**
 * The last snapshot that a peer is proven to have whole.
 *
 * @param snapshot its name at the owner
 * @param taken when it was taken: what was written until then is there
 * @param proven when the peer was proven to have it
 */
public record Arrival(Guid guid, String snapshot, Instant taken, Instant proven) {
  /** The same, taken at that moment: ZFS knows it to the second. */
  Arrival takenAt(Instant exact) {
    return new Arrival(guid, snapshot, exact, proven);
  }
}
