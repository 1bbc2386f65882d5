package io.flocker.core.volume;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.os.FileCalls;
import io.flocker.core.os.FileSystem;
import io.flocker.core.os.SilentFileSystemException;
import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The folder that a volume is mounted on while a node owns it. Blocking, up to the deadline of
 * {@link FileCalls}: what is mounted there may not answer. Any thread may call.
 */
public final class MountFolder {
  private static final Set<PosixFilePermission> THIS_USER =
      PosixFilePermissions.fromString("rwx------");

  /** No volume's name: those have their namespace first, of letters and digits. */
  private static final String PROOF = ".flockerd-proof";

  private MountFolder() {}

  /**
   * Makes sure that a volume can be mounted there: that nothing would be hidden, nor refuse it.
   *
   * @throws FailureException {@code MOUNTPOINT_OCCUPIED}; {@code MOUNTPOINT_UNUSABLE} or {@code
   *     MOUNT_SILENT} if nobody can say
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
  public static void requireMakeable(NodeId self, Path folder) throws FailureException {
    try {
      boolean _ = FileCalls.ask(parent(folder), () -> prove(folder));
    } catch (IOException e) {
      throw unusable(folder, "cannot make " + folder + on(self), e).with("node", self);
    }
  }

  /** One at a time: the proof has one name. */
  private static synchronized boolean prove(Path folder) throws IOException {
    if (isThere(folder)) {
      return true;
    }
    Path parent = parent(folder);
    while (!isThere(parent) && parent.getParent() != null) {
      parent = parent.getParent();
    }
    Path proof = parent.resolve(PROOF);
    boolean _ = remove(proof); // Of a daemon that was killed.
    var _ = Files.createDirectory(proof);
    return remove(proof);
  }

  /**
   * Makes the folder, and those above it, where they are not there, for everybody to pass through,
   * whatever the daemon's umask keeps from others.
   *
   * @throws FailureException {@code MOUNTPOINT_UNUSABLE}, {@code MOUNT_SILENT}
   */
  public static void make(Path folder) throws FailureException {
    try {
      boolean _ =
          FileCalls.ask(
              folder,
              () -> {
                DurableFile.createPassableFolder(folder);
                return true;
              });
    } catch (IOException e) {
      throw unusable(folder, "no folder " + folder + " can be made to mount on", e);
    }
  }

  /**
   * Sets who may do what in the new volume that is mounted there.
   *
   * @throws FailureException {@code MOUNTPOINT_UNUSABLE}, {@code MOUNT_SILENT}
   */
  static void permit(Path folder, VolumeMode mode) throws FailureException {
    permit(folder, mode.permissions());
  }

  /**
   * Keeps everybody else from what is mounted there or below.
   *
   * @throws FailureException {@code MOUNTPOINT_UNUSABLE}, {@code MOUNT_SILENT}
   */
  static void closeForOthers(Path folder) throws FailureException {
    permit(folder, THIS_USER);
  }

  private static void permit(Path folder, Set<PosixFilePermission> permissions)
      throws FailureException {
    try {
      var _ = FileCalls.ask(folder, () -> Files.setPosixFilePermissions(folder, permissions));
    } catch (IOException e) {
      String mode = PosixFilePermissions.toString(permissions);
      throw unusable(folder, "cannot make " + folder + " " + mode, e);
    }
  }

  private static void requireFree(Path folder, String where) throws FailureException {
    try {
      Optional<String> objection = FileCalls.ask(folder, () -> objection(folder));
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
   * @return {@code MOUNTPOINT_UNUSABLE}; {@code MOUNT_SILENT} where nothing answers there, {@code
   *     CANCELLED} where nobody waited for that
   */
  public static FailureException unusable(Path folder, String what, IOException why) {
    Failure failure =
        switch (why) {
          case SilentFileSystemException _ -> StorageFailure.MOUNT_SILENT;
          case InterruptedIOException _ -> TransferFailure.CANCELLED;
          default -> StorageFailure.MOUNTPOINT_UNUSABLE;
        };
    return failure
        .because(what + ": " + DurableFile.reason(why))
        .with("mountpoint", folder.toString())
        .causedBy(why);
  }

  private static String on(NodeId self) {
    return " on node " + self;
  }

  /**
   * Whether there is anything of that name; a volume can be mounted on an empty folder.
   *
   * @throws FailureException {@code MOUNT_SILENT} if nobody can say
   */
  static boolean exists(Path folder) throws FailureException {
    try {
      return FileCalls.ask(folder, () -> isThere(folder));
    } catch (IOException e) {
      throw unusable(folder, "cannot look at " + folder, e);
    }
  }

  /**
   * Removes an empty folder that a volume was mounted on; what somebody keeps there stays, and so
   * does what cannot be looked at.
   *
   * @return whether it was removed
   */
  public static boolean removeIfEmpty(Path folder) {
    try {
      return FileCalls.ask(folder, () -> remove(folder));
    } catch (IOException e) {
      Action.traceback(e);
      return false;
    }
  }

  /** The same for one in which nothing was made or removed since a moment. */
  static boolean removeIfUnused(Path folder, Instant since) {
    try {
      return FileCalls.ask(
          folder,
          () ->
              isFolder(folder)
                  && Files.getLastModifiedTime(folder).toInstant().compareTo(since) <= 0
                  && remove(folder));
    } catch (IOException e) {
      Action.traceback(e); // In use all the same, or not ours to read.
      return false;
    }
  }

  /** {@link #exists}, for who is in a {@link FileCalls.Call} already. */
  static boolean isThere(Path folder) {
    return Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether it is a folder itself, and no link to one; in a {@link FileCalls.Call}. */
  static boolean isFolder(Path folder) {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
  }

  /** What lies below a folder, which need not be there; in a {@link FileCalls.Call}. */
  static List<Path> entries(Path folder) throws IOException {
    List<Path> entries = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
        found.forEach(entries::add);
      }
    }
    return entries;
  }

  /** {@link #removeIfEmpty}, for who is in a {@link FileCalls.Call} already. */
  static boolean remove(Path folder) throws IOException {
    if (!isFolder(folder)) {
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
    if (!isThere(folder)) {
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
