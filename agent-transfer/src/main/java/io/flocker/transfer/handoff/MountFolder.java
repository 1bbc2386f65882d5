package io.flocker.transfer.handoff;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.os.FileSystem;
import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The folder that a volume is mounted on while a node owns it. Blocking; any thread may call. */
final class MountFolder {
  private MountFolder() {}

  /**
   * Makes sure that a volume can be mounted there: that nothing would be hidden, nor refuse it.
   *
   * @param self the node that speaks
   * @throws FailureException {@code MOUNTPOINT_OCCUPIED}
   */
  static void requireFree(NodeId self, Path folder) throws FailureException {
    try {
      if (FileSystem.find(folder).isPresent()) {
        throw occupied(self, folder, "has something mounted on it");
      }
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      if (!Files.isDirectory(folder)) {
        throw occupied(self, folder, "is no folder");
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
        for (Path entry : entries) {
          throw occupied(self, folder, "is not empty, it holds " + entry.getFileName());
        }
      }
    } catch (IOException e) {
      throw RequestFailure.INTERNAL_ERROR
          .because("cannot look at " + folder + ": " + DurableFile.reason(e))
          .causedBy(e);
    }
  }

  /** Removes what a volume that has left was mounted on, unless somebody keeps something there. */
  static void removeIfEmpty(Path folder) {
    try {
      boolean _ = Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException _) {
      // Somebody's, not ours.
    } catch (IOException e) {
      Action.traceback(e);
    }
  }

  private static FailureException occupied(NodeId self, Path folder, String how) {
    return OwnershipFailure.MOUNTPOINT_OCCUPIED
        .because(folder + " on node " + self + " " + how)
        .with("node", self)
        .with("mountpoint", folder.toString());
  }
}
