package io.flocker.core.deploy.engine;

import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.failure.FailureException;
import java.util.List;

/**
 * A container of flockerd's of which the engine tells that it is there, and at this moment no more.
 *
 * @param application that it is of
 * @param volumes that it was made with, without their sizes
 * @param processes as far as is known
 * @param failure why there is no more to be had
 */
public record UnknownContainer(
    String id,
    String application,
    List<MountedVolume> volumes,
    Processes processes,
    FailureException failure) {
  /** Whether it has any. */
  public enum Processes {
    SOME,
    NONE,
    /** Nobody knows: it may just be starting. */
    PERHAPS
  }

  public UnknownContainer {
    volumes = List.copyOf(volumes);
  }
}
