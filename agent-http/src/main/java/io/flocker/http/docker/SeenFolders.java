package io.flocker.http.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.deploy.engine.Container;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.os.FileCalls;
import io.flocker.core.os.SharedMounts;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;
import tools.jackson.core.JacksonException;

/**
 * Whether the engine sees in the folders of a container what this node has mounted there. An engine
 * has mounts of its own: where the folder that holds them is not a shared mount, it sees none that
 * was made after its start, and the container would write into the bare folder below.
 *
 * <p>The engine is asked when the folder was last changed, to the billionth of a second; a bare
 * folder was at another time. No process of the container has been started by then.
 */
final class SeenFolders {
  /** See ContainerArchiveInfo of the Engine API. */
  private static final String HEADER = "X-Docker-Container-Path-Stat";

  /** Somebody else on this node may change the folder in between. */
  private static final int TRIES = 3;

  private SeenFolders() {}

  /**
   * Makes sure of it, for every folder of a container that does not run.
   *
   * @throws FailureException {@code MOUNT_UNSEEN}
   */
  static void require(DockerApi api, Container container) throws FailureException {
    if (container.state().isAlive()) {
      return;
    }
    for (Map.Entry<String, Path> mount : container.definition().folders().entrySet()) {
      requireSeen(api, container, mount.getKey(), mount.getValue());
    }
  }

  private static void requireSeen(
      DockerApi api, Container container, String mountpoint, Path folder) throws FailureException {
    for (int i = 0; i < TRIES; i++) {
      Instant before = changed(api, container, folder);
      Instant seen = seen(api, container, mountpoint);
      if (seen.equals(before) || seen.equals(changed(api, container, folder))) {
        return;
      }
    }
    throw EngineFailure.MOUNT_UNSEEN.because(
        "The engine at %s sees another folder at %s than is mounted there, so that %s is not started: %s."
            .formatted(api.socket(), folder, container.shortName(), cause(folder)));
  }

  private static String cause(Path folder) {
    Path above = folder.resolveSibling(".").normalize();
    try {
      return SharedMounts.arePassedOn(above)
          ? above
              + " is a shared mount now, but the engine was started before, or keeps its mounts to"
              + " itself"
          : above + " is not a shared mount on this node";
    } catch (IOException e) {
      return "nobody knows whether " + above + " is a shared mount (" + e.getMessage() + ")";
    }
  }

  /** When the folder was changed that the container would find at {@code mountpoint}. */
  private static Instant seen(DockerApi api, Container container, String mountpoint)
      throws FailureException {
    EngineCall call =
        EngineCall.head(
            "look at " + mountpoint + " of container " + container.shortName(),
            "/containers/%s/archive?path=%s"
                .formatted(DockerEngine.encoded(container.id()), DockerEngine.encoded(mountpoint)));
    EngineAnswer answer = api.ask(call).required();
    String header = answer.headers().get(HEADER, "");
    try {
      String stat = new String(Base64.getDecoder().decode(header), UTF_8);
      String time = Json.read(stat.getBytes(UTF_8)).path("mtime").asString("");
      return OffsetDateTime.parse(time).toInstant();
    } catch (IllegalArgumentException | JacksonException | DateTimeException e) {
      throw answer.unreadable("its header " + HEADER + " is '" + header + "'").causedBy(e);
    }
  }

  private static Instant changed(DockerApi api, Container container, Path folder)
      throws FailureException {
    try {
      return FileCalls.ask(folder, () -> Files.getLastModifiedTime(folder).toInstant());
    } catch (IOException e) {
      throw EngineFailure.MOUNT_UNSEEN
          .because(
              "The folder %s of %s cannot be looked at (%s), so that the engine at %s is not asked to start it."
                  .formatted(folder, container.shortName(), e.getMessage(), api.socket()))
          .causedBy(e);
    }
  }
}
