package io.flocker.http.client;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.http.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A long piece of work on a node.
 *
 * @param kind {@code push}, {@code handoff}, and what later versions add
 * @param finished null while it runs
 * @param phase what it is at, for people
 * @param bytes moved so far
 * @param totalBytes to move in all, where that is known
 * @param etaSeconds until the end at the present rate, where that is known
 * @param result what came of it, once it has succeeded
 * @param problem the problem document, once it has failed
 */
public record OperationReport(
    UUID id,
    String kind,
    OperationState state,
    VolumeId volume,
    Instant started,
    @Nullable Instant finished,
    String phase,
    long bytes,
    @Nullable Long totalBytes,
    long bytesPerSecond,
    @Nullable Long etaSeconds,
    @Nullable JsonNode result,
    @Nullable JsonNode problem) {
  private static final int UNKNOWN_STATUS = 500; // RFC 9110, section 15.6.1

  /** Whether it goes on. */
  public boolean running() {
    return state == OperationState.RUNNING;
  }

  /** Why it failed, once it has. */
  public Optional<FailureException> failure() {
    return Optional.ofNullable(problem)
        .map(document -> Problem.read(document.path("status").asInt(UNKNOWN_STATUS), document));
  }

  /** How long it took, or has taken until {@code now}. */
  public Duration elapsed(Instant now) {
    return Duration.between(started, finished == null ? now : finished);
  }
}
