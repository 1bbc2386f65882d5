package io.flocker.http.docker;

import io.flocker.core.deploy.engine.EngineEvent;
import io.flocker.core.deploy.engine.EngineEvent.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The events of the Engine API (SystemEvents) that matter here. */
final class DockerEvents {
  /** What is asked for; every run of a health check would bring three more. Podman has others. */
  private static final List<String> ACTIONS =
      List.of(
          "create",
          "start",
          "die",
          "died",
          "oom",
          "destroy",
          "remove",
          "health_status",
          "pause",
          "unpause",
          "rename",
          "update");

  private static final long NANOS = 1_000_000_000;

  private DockerEvents() {}

  /**
   * The path that brings what happens, and what has happened since then, to all containers: Podman
   * 4.3 finds none by the name of a label.
   */
  static String path(Instant since) {
    String actions = ACTIONS.stream().collect(Collectors.joining("\",\"", "\"", "\""));
    String filters = "{\"type\":[\"container\"],\"event\":[%s]}".formatted(actions);
    return "/events?since=%d.%09d&filters=%s"
        .formatted(since.getEpochSecond(), since.getNano(), DockerEngine.encoded(filters));
  }

  /** The event of a line; empty if it is of no matter. */
  static Optional<EngineEvent> read(JsonNode line) {
    JsonNode attributes = line.path("Actor").path("Attributes");
    String application = attributes.path(DockerLabels.APPLICATION).asString("");
    String action = line.path("Action").asString(line.path("status").asString(""));
    if (application.isEmpty()) {
      return Optional.empty();
    }
    return kind(action)
        .map(kind ->
            new EngineEvent(
                kind,
                line.path("Actor").path("ID").asString(line.path("id").asString("")),
                application,
                kind == Kind.ENDED ? exitCode(attributes) : OptionalInt.empty(),
                time(line)));
  }

  /** When it happened, by the engine's clock. */
  private static Instant time(JsonNode line) {
    long nanos = line.path("timeNano").asLong(0);
    return nanos > 0
        ? Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS)
        : Instant.ofEpochSecond(line.path("time").asLong(0));
  }

  private static OptionalInt exitCode(JsonNode attributes) {
    String text =
        attributes.path("exitCode").asString(attributes.path("containerExitCode").asString(""));
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException _) {
      return OptionalInt.empty();
    }
  }

  private static Optional<Kind> kind(String action) {
    return switch (action) {
      case "create" -> Optional.of(Kind.CREATED);
      case "start" -> Optional.of(Kind.STARTED);
      case "die", "died" -> Optional.of(Kind.ENDED);
      case "oom" -> Optional.of(Kind.OUT_OF_MEMORY);
      case "destroy", "remove" -> Optional.of(Kind.REMOVED);
      case "pause", "unpause", "rename", "update" -> Optional.of(Kind.CHANGED);
      default -> action.startsWith("health_status") ? Optional.of(Kind.HEALTH) : Optional.empty();
    };
  }
}
