package io.flocker.core.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.flocker.core.id.VolumeId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * An operation as the API shows it.
 *
 * @param kind what it does, such as {@code push}
 * @param volume which one it works on, if it works on one
 * @param volumeName what that is called, where the node knows it without asking its pool
 * @param finished absent while it runs
 * @param phase what it is at, for people
 * @param bytes moved so far
 * @param totalBytes to move in all, where that is known
 * @param etaSeconds until the end at the present rate, where that is known
 * @param result what came of it, once it has succeeded
 * @param problem the problem document, once it has failed or was cancelled
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record OperationView(
    UUID id,
    String kind,
    OperationState state,
    Optional<VolumeId> volume,
    Optional<String> volumeName,
    Instant started,
    Optional<Instant> finished,
    String phase,
    long bytes,
    OptionalLong totalBytes,
    long bytesPerSecond,
    OptionalLong etaSeconds,
    Optional<Map<String, Object>> result,
    Optional<Map<String, Object>> problem) {
  /**
   * The same with the name of its volume.
   *
   * @param names what volumes are called
   */
  public OperationView named(Map<VolumeId, String> names) {
    return new OperationView(
        id,
        kind,
        state,
        volume,
        volume.map(names::get),
        started,
        finished,
        phase,
        bytes,
        totalBytes,
        bytesPerSecond,
        etaSeconds,
        result,
        problem);
  }
}
