package io.flocker.http.docker;

import static io.flocker.core.failure.EngineFailure.ENGINE_SILENT;

import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.UnknownContainer;
import io.flocker.core.deploy.engine.UnknownContainer.Processes;
import io.flocker.core.failure.FailureException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What an item of ContainerList of the Engine API tells of a container of flockerd's. Immutable.
 *
 * @param name without a slash
 * @param state the engine's word for it, in small letters
 */
record ListedContainer(
    String id, String name, String application, String state, StatedDefinition stated) {
  private static final Set<String> WITH_PROCESSES = Set.of("running", "paused", "restarting");

  /** It is started from these: an engine that hangs at it may be in the midst of that. */
  private static final Set<String> AT_REST = Set.of("created", "exited");

  private static final Set<String> GOING = Set.of("removing", "dead");

  /** Empty if flockerd has not made it, whatever labels it has been given. */
  static Optional<ListedContainer> read(JsonNode item) {
    JsonNode labels = item.path("Labels");
    String name = item.path("Names").path(0).asString("");
    return InspectedContainer.stated(labels)
        .map(stated ->
            new ListedContainer(
                item.path("Id").asString(""),
                name.startsWith("/") ? name.substring(1) : name,
                labels.path(DockerLabels.APPLICATION).asString(""),
                item.path("State").asString("").toLowerCase(Locale.ROOT),
                stated));
  }

  String shortName() {
    return Container.shortName(name, id);
  }

  UnknownContainer unknown(FailureException failure) {
    List<MountedVolume> volumes =
        stated.volumes().entrySet().stream()
            .map(volume -> volume.getValue().at(volume.getKey(), false))
            .toList();
    return new UnknownContainer(
        id, application, volumes, processes(failure.failure() == ENGINE_SILENT), failure);
  }

  private Processes processes(boolean hangs) {
    if (WITH_PROCESSES.contains(state)) {
      return Processes.SOME;
    }
    return GOING.contains(state) || (AT_REST.contains(state) && !hangs)
        ? Processes.NONE
        : Processes.PERHAPS;
  }
}
