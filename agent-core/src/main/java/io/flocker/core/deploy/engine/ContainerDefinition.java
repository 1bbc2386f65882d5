package io.flocker.core.deploy.engine;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.MountedVolume;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a container is made from.
 *
 * @param application the part that its container is made with, see {@link Application#container}
 * @param generation of the configuration by which it is made
 * @param folders where its volumes are on this node, absolute, by their mountpoint
 * @param linkHost where the remote ports of its links answer
 * @param restarts how often its application had been restarted for its own sake when it was made,
 *     since it was wished anew or had run well for a while
 */
public record ContainerDefinition(
    Application application,
    long generation,
    SortedMap<String, Path> folders,
    String linkHost,
    int restarts) {
  public ContainerDefinition {
    application = application.container();
    folders = Collections.unmodifiableSortedMap(new TreeMap<>(folders));
    for (MountedVolume volume : application.volumes()) {
      Path folder = folders.get(volume.mountpoint());
      if (folder == null || !folder.isAbsolute()) {
        throw new IllegalArgumentException(
            "the volume " + volume.identity() + " has no folder on this node");
      }
    }
    if (folders.size() != application.volumes().size()) {
      throw new IllegalArgumentException("there is a folder for a volume that nobody mounts");
    }
  }

  /** One whose folders need not be sorted. */
  public static ContainerDefinition of(
      Application application, long generation, Map<String, Path> folders, String linkHost) {
    return new ContainerDefinition(application, generation, new TreeMap<>(folders), linkHost, 0);
  }

  /** The same of an application that was restarted so often. */
  public ContainerDefinition restarted(int times) {
    return new ContainerDefinition(application, generation, folders, linkHost, times);
  }

  /**
   * The variables that its container is given: those of its links, and those of its program, which
   * count where both have one.
   */
  public SortedMap<String, String> environment() {
    SortedMap<String, String> variables = new TreeMap<>();
    application.links().forEach(link -> variables.putAll(link.environment(linkHost)));
    variables.putAll(application.program().environment());
    return variables;
  }

  /** What its container is called in the engine, as Flocker had it. */
  public String containerName() {
    return containerName(application.name());
  }

  /** What the container of an application is called in the engine. */
  public static String containerName(String application) {
    return "flocker--" + application;
  }
}
