package io.flocker.http.docker;

import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.deploy.engine.UnknownContainer;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.http.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/**
 * Looks at flockerd's containers, several at a time: what an engine lists does not say how each was
 * made. It answers for one container while another hangs in its storage or its runtime, so that
 * each is given up by itself, and only an engine that gives no sign of life is away. Any thread;
 * blocks.
 */
final class ContainerSurvey {
  /** More than that are not looked at any sooner by an engine. */
  private static final int AT_ONCE = 16;

  private final DockerApi api;
  private final Patience patience;

  ContainerSurvey(DockerApi api, Patience patience) {
    this.api = api;
    this.patience = patience;
  }

  /**
   * Looks at all that have a label.
   *
   * @param label its name, or with {@code =} its value too
   */
  Containers of(String label) throws FailureException {
    String filters =
        new String(Json.write(Map.of("label", List.of(label))), StandardCharsets.UTF_8);
    JsonNode listed =
        api.ask(
                EngineCall.get(
                    "list flockerd's containers",
                    "/containers/json?all=1&filters=" + DockerEngine.encoded(filters)))
            .required()
            .document();
    Containers containers = look(listed);
    if (!containers.unknown().isEmpty()) {
      api.ping(); // One that is not told of says nothing of the engine, if that lives.
    }
    return containers;
  }

  private Containers look(JsonNode listed) throws FailureException {
    Deadline deadline = Deadline.in(patience.all());
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("inspect").factory())) {
      List<Future<Containers>> looks = new ArrayList<>();
      for (JsonNode one : listed.values()) {
        ListedContainer.read(one)
            .ifPresent(ours -> looks.add(threads.submit(() -> look(ours, deadline))));
      }
      try {
        return together(looks);
      } catch (InterruptedException e) {
        var _ = threads.shutdownNow();
        Thread.currentThread().interrupt();
        throw TransferFailure.CANCELLED
            .because("Nobody waits any more for the engine to tell of its containers.")
            .causedBy(e);
      }
    }
  }

  private static Containers together(List<Future<Containers>> looks) throws InterruptedException {
    List<Container> known = new ArrayList<>();
    List<UnknownContainer> unknown = new ArrayList<>();
    for (Future<Containers> look : looks) {
      try {
        Containers found = look.get();
        known.addAll(found.known());
        unknown.addAll(found.unknown());
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    known.sort(Comparator.comparing(Container::application).thenComparing(Container::id));
    unknown.sort(
        Comparator.comparing(UnknownContainer::application).thenComparing(UnknownContainer::id));
    return new Containers(known, unknown);
  }

  /** Of one, or of none if it is gone. */
  private Containers look(ListedContainer listed, Deadline deadline) {
    Duration left = deadline.left();
    try {
      if (!left.isPositive()) {
        throw EngineFailure.ENGINE_SILENT.because(
            "The engine at %s was not asked about container %s: others took all of the %d s that there are for it."
                .formatted(api.socket(), listed.shortName(), patience.all().toSeconds()));
      }
      Optional<JsonNode> found =
          inspect(api, listed.id(), left.compareTo(patience.one()) < 0 ? left : patience.one());
      return found.isEmpty()
          ? Containers.NONE
          : Containers.of(InspectedContainer.read(found.get()).stream().toList());
    } catch (FailureException e) {
      return new Containers(List.of(), List.of(listed.unknown(e)));
    }
  }

  /** What the engine knows of a container, whosever it is; empty if there is none. */
  static Optional<JsonNode> inspect(DockerApi api, String idOrName, Duration patience)
      throws FailureException {
    EngineAnswer answer =
        api.ask(
            EngineCall.get(
                    "inspect container " + idOrName,
                    "/containers/" + DockerEngine.encoded(idOrName) + "/json")
                .within(patience));
    return answer.isNotFound() ? Optional.empty() : Optional.of(answer.required().document());
  }
}
