package io.flocker.core.stream;

import io.flocker.core.id.Guid;
import java.util.List;
import java.util.Optional;

/**
 * What a stream may bring.
 *
 * @param from guid of the snapshot that the stream builds on; 0 for a full stream, and for one that
 *     nobody announced
 * @param snapshots guids of the snapshots that it brings, oldest first; empty for a stream that
 *     nobody announced
 * @param flags what the sender may have used
 * @param isResumed whether it is the rest of a stream that was cut
 * @param rawRefusal why it may not bring encrypted blocks, though {@code flags} allow that: what
 *     {@code zfs send -w} sends of a volume that is not encrypted has none
 */
public record StreamExpectation(
    Guid from,
    List<Guid> snapshots,
    SendFlags flags,
    boolean isResumed,
    Optional<String> rawRefusal) {
  public StreamExpectation {
    snapshots = List.copyOf(snapshots);
  }

  /** A stream that brings what its flags allow. */
  public StreamExpectation(Guid from, List<Guid> snapshots, SendFlags flags, boolean isResumed) {
    this(from, snapshots, flags, isResumed, Optional.empty());
  }

  /** The same, but for streams of encrypted blocks. */
  public StreamExpectation refusingRaw(String why) {
    return new StreamExpectation(from, snapshots, flags, isResumed, Optional.of(why));
  }

  /** A stream that nobody announced: any chain of snapshots, made with no more than these flags. */
  public static StreamExpectation unannounced(SendFlags flags) {
    return new StreamExpectation(Guid.NONE, List.of(), flags, false);
  }

  /** Whether a plan says what the stream brings. */
  public boolean isAnnounced() {
    return !snapshots.isEmpty();
  }
}
