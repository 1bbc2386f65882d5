package io.flocker.core.grant;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What is said of who owns a volume from now on: by the owner who gives it away, by an operator who
 * takes it from him, or, of epoch 0, by the node that created it.
 *
 * @param epoch of the next owner, from 0
 * @param from who owned the volume until now; for epoch 0 who created it
 * @param to who owns it from now on; for epoch 0 {@code from}
 * @param operation the handoff, takeover or creation
 * @param finalSnapshot guid of the snapshot that {@code to} begins with: the last that {@code from}
 *     took, or the last that got to {@code to} before the takeover; 0 if there is none; for epoch 0
 *     {@link #FRESH_ID} or 0
 * @param at when it was said, by the clock of who signs; whole milliseconds
 */
public record Grant(
    VolumeId lineage,
    long epoch,
    NodeId from,
    NodeId to,
    UUID operation,
    Guid finalSnapshot,
    Instant at) {
  /**
   * Instead of a snapshot, of a creation whose node made up the volume's id itself: nobody else can
   * have created a volume of that id, whoever says so. Where the caller chose the id it is 0.
   */
  public static final Guid FRESH_ID = new Guid(1);

  public Grant {
    if (epoch < 0) {
      throw new IllegalArgumentException("a grant is of epoch 0 or more, not " + epoch);
    }
    if (epoch == 0 && !from.equals(to)) {
      throw new IllegalArgumentException("who creates a volume is its first owner");
    }
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Whether it says that its volume can have been created by nobody else. */
  public boolean isOfFreshId() {
    return epoch == 0 && finalSnapshot.equals(FRESH_ID);
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

  /**
   * Reads a text that is signed, such as {@link #text} makes it, letter by letter.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static Grant parse(String text) {
    Map<String, String> said =
        text.lines()
            .map(line -> line.split(" ", 2))
            .filter(words -> words.length == 2)
            .collect(Collectors.toMap(words -> words[0], words -> words[1], (one, _) -> one));
    try {
      Grant grant =
          new Grant(
              VolumeId.parse(said.getOrDefault("lineage", "")),
              Long.parseLong(said.getOrDefault("epoch", "")),
              NodeId.parse(said.getOrDefault("from", "")),
              NodeId.parse(said.getOrDefault("to", "")),
              Uuids.parse("operation", said.getOrDefault("operation", "")),
              Guid.parse(said.getOrDefault("final", "")),
              Instant.parse(said.getOrDefault("at", "")));
      if (grant.text().equals(text)) {
        return grant;
      }
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("not the text of a grant: its time cannot be read", e);
    }
    throw new IllegalArgumentException("not the text of a grant, letter by letter");
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
