package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.os.FileSystem;
import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.Objects;
import java.util.Optional;

/** The folder that a volume is mounted on while a node owns it. Blocking; any thread may call. */
public final class MountFolder {
  /** No volume's name: those have their namespace first, of letters and digits. */
  private static final String PROOF = ".flockerd-proof";

  private MountFolder() {}

  /**
   * Makes sure that a volume can be mounted there: that nothing would be hidden, nor refuse it.
   *
   * @throws FailureException {@code MOUNTPOINT_OCCUPIED}, or {@code MOUNTPOINT_UNUSABLE} if nobody
   *     can say
   */
  public static void requireFree(Path folder) throws FailureException {
    requireFree(folder, "");
  }

  /**
   * The same, where it may be read on another node.
   *
   * @param self the node that speaks
   */
  public static void requireFree(NodeId self, Path folder) throws FailureException {
    try {
      requireFree(folder, on(self));
    } catch (FailureException e) {
      throw e.with("node", self);
    }
  }

  /**
   * Proves that the folder can be made, if it is not there: makes one where it would be made, and
   * removes that again.
   *
   * @param self the node that speaks
   * @throws FailureException {@code MOUNTPOINT_UNUSABLE}: the disk may be full, or read-only
   */
  public static synchronized void requireMakeable(NodeId self, Path folder)
      throws FailureException {
    if (exists(folder)) {
      return;
    }
    Path parent = parent(folder);
    while (!exists(parent) && parent.getParent() != null) {
      parent = parent.getParent();
    }
    Path proof = parent.resolve(PROOF);
    try {
      boolean _ = removeIfEmpty(proof); // Of a daemon that was killed.
      var _ = Files.createDirectory(proof);
      boolean _ = removeIfEmpty(proof);
    } catch (IOException e) {
      throw unusable(folder, "cannot make " + folder + on(self), e).with("node", self);
    }
  }

  private static void requireFree(Path folder, String where) throws FailureException {
    try {
      Optional<String> objection = objection(folder);
      if (objection.isPresent()) {
        throw OwnershipFailure.MOUNTPOINT_OCCUPIED
            .because(folder + where + " " + objection.get())
            .with("mountpoint", folder.toString());
      }
    } catch (IOException e) {
      throw unusable(folder, "cannot look at " + folder + where, e);
    }
  }

  /**
   * The folder cannot be used.
   *
   * @param what was not done
   */
  public static FailureException unusable(Path folder, String what, IOException why) {
    return StorageFailure.MOUNTPOINT_UNUSABLE
        .because(what + ": " + DurableFile.reason(why))
        .with("mountpoint", folder.toString())
        .causedBy(why);
  }

  private static String on(NodeId self) {
    return " on node " + self;
  }

  /** Whether there is anything of that name; a volume can be mounted on an empty folder. */
  static boolean exists(Path folder) {
    return Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Removes an empty folder that a volume was mounted on; what somebody keeps there stays.
   *
   * @return whether it was removed
   */
  public static boolean removeIfEmpty(Path folder) {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent(folder))) {
      // rmdir(2), which takes no file nor link, whoever puts one there just now: Files.delete does.
      if (siblings instanceof SecureDirectoryStream<Path> secure) {
        secure.deleteDirectory(folder.getFileName());
        return true;
      }
    } catch (DirectoryNotEmptyException | NoSuchFileException _) {
      // Somebody's, or gone.
    } catch (IOException e) {
      Action.traceback(e);
    }
    return false;
  }

  private static Path parent(Path folder) {
    return Objects.requireNonNull(folder.getParent(), "below the mount root");
  }

  /** What keeps a volume from being mounted there. */
  private static Optional<String> objection(Path folder) throws IOException {
    if (Files.isSymbolicLink(folder)) {
      return Optional.of("is a symbolic link");
    }
    if (FileSystem.find(folder).isPresent()) {
      return Optional.of("has something mounted on it");
    }
    if (!exists(folder)) {
      return Optional.empty();
    }
    if (!Files.isDirectory(folder)) {
      return Optional.of("is no folder");
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        return Optional.of("is not empty, it holds " + entry.getFileName());
      }
    }
    return Optional.empty();
  }
}
