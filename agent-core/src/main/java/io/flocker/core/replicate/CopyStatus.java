package io.flocker.core.replicate;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a copy stands: how far behind it is, and why.
 *
 * @param volume whose copy
 * @param name what people call the volume
 * @param peer where it is
 * @param state how it is, all in all
 * @param since when it has been in that state
 * @param lagSeconds how old the first change is that the peer does not have; 0 if it has all
 * @param maxLagSeconds how much the policy allows
 * @param lagBytes about how many bytes are to be sent; empty where nobody knows
 * @param last what the peer is proven to have; empty before the first time
 * @param waitsFor what has to happen next
 * @param tries how many have failed in a row
 * @param lastError the problem document of the last of those
 * @param nextTry when it is tried again; only of one that has failed, while it is not tried
 * @param verification how its comparison with what the owner has stands; empty where nobody ever
 *     wanted one
 */
public record CopyStatus(
    VolumeId volume,
    VolumeName name,
    NodeId peer,
    State state,
    Instant since,
    double lagSeconds,
    double maxLagSeconds,
    OptionalLong lagBytes,
    Optional<Arrival> last,
    WaitsFor waitsFor,
    int tries,
    Optional<Map<String, Object>> lastError,
    Optional<Instant> nextTry,
    Optional<Verification> verification) {
  /** Whether the last comparison found other files than those of the owner, whatever the state. */
  @JsonIgnore
  public boolean hasDrifted() {
    return verification.flatMap(Verification::last).flatMap(Verified::drift).isPresent();
  }

  /** How a copy is, all in all. */
  public enum State {
    /** No snapshot has arrived there yet. */
    NEW,
    /** Not further behind than the policy allows. */
    CURRENT,
    /** Further behind; nothing has failed. */
    BEHIND,
    /** What is under way has given no sign of life for long. */
    STALLED,
    /** The last try has failed; it is tried again. */
    FAILED,
    /** The same, and no try will do before somebody has changed something. */
    HINDERED,
    /** Nothing has failed, but its files are not those of its owner, whatever ZFS says of it. */
    DRIFTED;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What has to happen next.
   *
   * @param step which it is, for programs: {@code change}, {@code pause}, {@code place}, {@code
   *     retry}, or what a push waits for
   * @param text the same for people, as the object of "waits for"
   * @param since when it began to be waited for
   * @param bytes that have left in the present stream
   */
  public record WaitsFor(String step, String text, Instant since, long bytes) {}

  /**
   * How the comparison of its files with those of its owner stands.
   *
   * @param last what came of the last one; empty before the first
   * @param begun since when one is under way
   * @param next when the next one is due; empty while one is under way, or only somebody's word
   *     begins one
   * @param lastError the problem document of the last try, if that compared nothing
   */
  public record Verification(
      Optional<Verified> last,
      Optional<Instant> begun,
      Optional<Instant> next,
      Optional<Map<String, Object>> lastError) {}
}
