package io.flocker.core.grant;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * What the owner of a volume says when it gives it away.
 *
 * @param epoch of the next owner, from 1
 * @param from who owned the volume until now
 * @param to who owns it from now on
 * @param operation the handoff
 * @param finalSnapshot guid of the last snapshot that {@code from} took
 * @param at when it was said, by the clock of {@code from}; whole milliseconds
 */
public record Grant(
    VolumeId lineage,
    long epoch,
    NodeId from,
    NodeId to,
    UUID operation,
    Guid finalSnapshot,
    Instant at) {
  public Grant {
    if (epoch < 1) {
      throw new IllegalArgumentException("a grant is of epoch 1 or more, not " + epoch);
    }
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Whether both are the same but for the time. */
  boolean saysTheSameAs(Grant other) {
    return equals(
        new Grant(
            other.lineage,
            other.epoch,
            other.from,
            other.to,
            other.operation,
            other.finalSnapshot,
            at));
  }

  /** The text that is signed, see FORMATS.md: lines of ASCII, each ended by a line feed. */
  public String text() {
    return """
    flocker-grant 1
    lineage %s
    epoch %d
    from %s
    to %s
    operation %s
    final %s
    at %s
    """
        .formatted(lineage, epoch, from, to, operation, finalSnapshot, at);
  }
}
