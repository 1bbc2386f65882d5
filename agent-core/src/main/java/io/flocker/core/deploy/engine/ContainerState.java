package io.flocker.core.deploy.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * What has become of a container.
 *
 * @param exitCode of its first process, once it has ended; 128 and more are signals, or that it
 *     could not be started
 * @param isOutOfMemory whether one of its processes was killed for want of memory, since it was
 *     started last
 * @param error why the engine could not start it; empty if it could
 * @param health empty if nothing tests it
 * @param healthWords what the last test that failed said; empty if none did
 * @param started when it was last; empty if it never was
 * @param ended when it did last; empty if it never did
 */
public record ContainerState(
    Status status,
    int exitCode,
    boolean isOutOfMemory,
    String error,
    Optional<Health> health,
    String healthWords,
    Optional<Instant> started,
    Optional<Instant> ended) {
  /** An engine's word for what it does not know: it was killed together with its containers. */
  private static final int UNKNOWN_EXIT = 255;

  /** The engine's word for it. */
  public enum Status {
    CREATED,
    RUNNING,
    PAUSED,
    RESTARTING,
    REMOVING,
    EXITED,
    DEAD
  }

  /** What its test says. */
  public enum Health {
    STARTING,
    HEALTHY,
    UNHEALTHY
  }

  /** Whether it has processes, so that its volumes are in use. */
  public boolean isAlive() {
    return switch (status) {
      case RUNNING, PAUSED, RESTARTING -> true;
      case CREATED, REMOVING, EXITED, DEAD -> false;
    };
  }

  /** When it ended; empty if it has processes, or never had any. */
  public Optional<Instant> end() {
    return isAlive() ? Optional.empty() : ended;
  }

  /** Whether it has ended, and its engine does not know how: as a rule it was killed as well. */
  public boolean hasEndedUnseen() {
    return end().isPresent() && exitCode == UNKNOWN_EXIT;
  }

  /** Why it does not do what it is for, for people; empty if it runs, and its test says so. */
  public Optional<String> trouble() {
    return switch (status) {
      case RUNNING -> ofHealth();
      case CREATED ->
          Optional.of(error.isEmpty() ? "it was not started" : "it could not be started: " + error);
      case PAUSED -> Optional.of("somebody has paused it");
      case RESTARTING -> Optional.of("the engine is restarting it");
      case REMOVING -> Optional.of("it is being removed");
      case EXITED, DEAD -> Optional.of(ending());
    };
  }

  private Optional<String> ofHealth() {
    return switch (health.orElse(Health.HEALTHY)) {
      case HEALTHY -> Optional.empty();
      case STARTING -> Optional.of("it has not become healthy yet" + test());
      case UNHEALTHY -> Optional.of("it is not healthy" + test());
    };
  }

  private String test() {
    return healthWords.isEmpty() ? "" : ": its test said: " + healthWords;
  }

  private String ending() {
    if (isOutOfMemory) {
      return "it was killed for want of memory (exit code " + exitCode + ")";
    }
    return "it ended with exit code " + exitCode + (error.isEmpty() ? "" : ": " + error);
  }
}
