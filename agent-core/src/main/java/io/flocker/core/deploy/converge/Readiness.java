package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.core.deploy.plan.LocalVolume;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether an application can start on this node at this moment: asked right before its container is
 * made, again before that is started, and once it was.
 *
 * @param here the volumes of the application that have a dataset here, as they are at this moment
 * @param linkHost where its links lead
 */
public record Readiness(Collection<LocalVolume> here, String linkHost) {
  /**
   * What its container is made from.
   *
   * @throws FailureException {@code VOLUME_NOT_WRITABLE} with a sentence for each volume that is
   *     not owned and mounted here
   */
  ContainerDefinition require(Application application, long generation) throws FailureException {
    Map<String, Path> folders = new HashMap<>();
    List<String> lacking = new ArrayList<>();
    for (MountedVolume mounted : application.volumes()) {
      Optional<LocalVolume> local = find(mounted);
      if (local.isEmpty()) {
        lacking.add("volume " + mounted.identity() + " is not here");
      } else if (!local.get().isUsable()) {
        lacking.add(
            "volume %s is %s and %s here"
                .formatted(mounted.identity(), local.get().role(), local.get().mount().state()));
      } else {
        folders.put(mounted.mountpoint(), local.get().folder());
      }
    }
    if (!lacking.isEmpty()) {
      throw OwnershipFailure.VOLUME_NOT_WRITABLE.because(String.join("; ", lacking));
    }
    return ContainerDefinition.of(application, generation, folders, linkHost);
  }

  /** Which volumes those are that the application has here, usable or not. */
  List<VolumeId> volumes(Application application) {
    return application.volumes().stream()
        .flatMap(mounted -> find(mounted).stream())
        .map(LocalVolume::id)
        .distinct()
        .toList();
  }

  /** Of several of that name the one that can be used. */
  private Optional<LocalVolume> find(MountedVolume mounted) {
    return here.stream()
        .filter(volume ->
            mounted
                .id()
                .map(volume.id()::equals)
                .orElseGet(() -> volume.name().equals(mounted.name())))
        .min((one, other) -> Boolean.compare(other.isUsable(), one.isUsable()));
  }
}
