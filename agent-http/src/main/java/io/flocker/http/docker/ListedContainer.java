package io.flocker.http.docker;

import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.UnknownContainer;
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
 * @param isAlive whether it has processes, or nobody knows
 */
record ListedContainer(
    String id, String name, String application, boolean isAlive, StatedDefinition stated) {
  /** Of the states that there are those in which it has none. */
  private static final Set<String> ENDED = Set.of("created", "removing", "exited", "dead");

  /** Empty if flockerd has not made it, whatever labels it has been given. */
  static Optional<ListedContainer> read(JsonNode item) {
    JsonNode labels = item.path("Labels");
    String name = item.path("Names").path(0).asString("");
    String state = item.path("State").asString("").toLowerCase(Locale.ROOT);
    return InspectedContainer.stated(labels)
        .map(stated ->
            new ListedContainer(
                item.path("Id").asString(""),
                name.startsWith("/") ? name.substring(1) : name,
                labels.path(DockerLabels.APPLICATION).asString(""),
                !ENDED.contains(state),
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
    return new UnknownContainer(id, application, volumes, isAlive, failure);
  }
}
