package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonValue;
import io.flocker.core.id.Guid;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * How far a transfer has come, as its receiver tells: the answer to its body, kept for 24 hours.
 *
 * @param bytes that the receiving child has taken
 * @param snapshots guids of the newest that the volume now has here, oldest first, at most {@link
 *     #MOST_SNAPSHOTS}; the last one of the plan ends them once it is received
 * @param problem the problem document, where it failed
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TransferResult(
    UUID id, State state, long bytes, List<Guid> snapshots, Optional<Map<String, Object>> problem) {
  /** Of a copy with thousands of snapshots the others are nobody's business. */
  public static final int MOST_SNAPSHOTS = 32;

  /** Where a transfer can be. */
  public enum State {
    ANNOUNCED,
    RECEIVING,
    RECEIVED,
    FAILED;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
