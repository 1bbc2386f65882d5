package io.flocker.http.docker;

import static java.util.Objects.requireNonNull;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Link;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What of a definition cannot be read back from the engine: which parts were asked for and which
 * come from the image, whose folders are mounted, how links are meant. The value of the label
 * {@value DockerLabels#STATED}, in JSON.
 *
 * @param image as it was asked for: an engine may put a registry before it
 * @param parts of the container's program, and its health check
 * @param variables names of those that are not the image's or of links
 * @param labels names of those that are not the image's
 * @param droppedCapabilities of those that the engine shows: some show what nobody has, too
 * @param ulimits names of those that are not the engine's
 * @param volumes by mountpoint
 */
record StatedDefinition(
    String image,
    Set<String> parts,
    Set<String> variables,
    Set<String> labels,
    Set<String> addedCapabilities,
    Set<String> droppedCapabilities,
    Set<String> ulimits,
    Map<String, StatedVolume> volumes,
    List<Link> links,
    String linkHost) {
  static final String COMMAND = "command";
  static final String ENTRYPOINT = "entrypoint";
  static final String USER = "user";
  static final String WORKING_DIRECTORY = "workingDirectory";
  static final String HEALTH_CHECK = "healthCheck";

  /** Whose folder it is. */
  record StatedVolume(VolumeName name, Optional<VolumeId> id) {
    StatedVolume {
      requireNonNull(name, "name");
    }

    /** As it is mounted; how large it may become nobody asks a container. */
    MountedVolume at(String mountpoint, boolean isReadOnly) {
      return new MountedVolume(
          name,
          id,
          mountpoint,
          isReadOnly,
          OptionalLong.empty(),
          Optional.empty(),
          new TreeMap<>(),
          Optional.empty());
    }
  }

  StatedDefinition {
    requireNonNull(image, "image");
    requireNonNull(linkHost, "linkHost");
    parts = sorted(parts);
    variables = sorted(variables);
    labels = sorted(labels);
    addedCapabilities = sorted(addedCapabilities);
    droppedCapabilities = sorted(droppedCapabilities);
    ulimits = sorted(ulimits);
    volumes = Collections.unmodifiableMap(new TreeMap<>(volumes));
    links = List.copyOf(links);
  }

  /** In one order, so that equal definitions are written alike. */
  private static Set<String> sorted(Set<String> given) {
    return Collections.unmodifiableSet(new TreeSet<>(given));
  }

  static StatedDefinition of(ContainerDefinition definition) {
    Application application = definition.application();
    Set<String> parts = new TreeSet<>();
    application.program().command().ifPresent(_ -> parts.add(COMMAND));
    application.program().entrypoint().ifPresent(_ -> parts.add(ENTRYPOINT));
    application.program().user().ifPresent(_ -> parts.add(USER));
    application.program().workingDirectory().ifPresent(_ -> parts.add(WORKING_DIRECTORY));
    application.healthCheck().ifPresent(_ -> parts.add(HEALTH_CHECK));
    Map<String, StatedVolume> volumes = new TreeMap<>();
    application
        .volumes()
        .forEach(volume ->
            volumes.put(volume.mountpoint(), new StatedVolume(volume.name(), volume.id())));
    return new StatedDefinition(
        application.image().toString(),
        parts,
        application.program().environment().keySet(),
        application.labels().keySet(),
        application.privileges().addedCapabilities(),
        application.privileges().droppedCapabilities(),
        application.limits().ulimits().keySet(),
        volumes,
        application.links(),
        definition.linkHost());
  }
}
