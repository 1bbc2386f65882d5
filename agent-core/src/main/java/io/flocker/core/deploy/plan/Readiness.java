package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.engine.ContainerDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether an application can start on this node at this moment. To be asked right before its
 * container is made, with a discovery of then: no application starts without all of its volumes.
 */
public sealed interface Readiness {
  /** It can. */
  record Ready(ContainerDefinition definition) implements Readiness {}

  /**
   * It cannot.
   *
   * @param reasons sentences, one for each volume that it lacks
   */
  record Lacking(List<String> reasons) implements Readiness {
    public Lacking {
      reasons = List.copyOf(reasons);
    }
  }

  /** Looks for all that the application needs. */
  static Readiness of(Application application, long generation, Discovery discovery) {
    VolumeSearch search =
        new VolumeSearch(discovery.volumes().orElse(List.of()), discovery.peers());
    Map<String, Path> folders = new HashMap<>();
    List<String> lacking = new ArrayList<>();
    for (MountedVolume mounted : application.volumes()) {
      Optional<LocalVolume> local = search.local(mounted);
      if (local.isEmpty()) {
        lacking.add("volume " + mounted.name() + " is not here");
      } else if (!local.get().isUsable()) {
        lacking.add(
            "volume %s is %s and %s here"
                .formatted(mounted.name(), local.get().role(), local.get().mount().state()));
      } else {
        folders.put(mounted.mountpoint(), local.get().folder());
      }
    }
    return lacking.isEmpty()
        ? new Ready(
            ContainerDefinition.of(application, generation, folders, LinkHost.of(discovery)))
        : new Lacking(lacking);
  }
}
