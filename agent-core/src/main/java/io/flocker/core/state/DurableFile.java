package io.flocker.core.state;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Writes small files that are there whole or not at all, after a power failure too, and that nobody
 * but their owner may read. Any thread may call.
 */
public final class DurableFile {
  private static final String FILE_MODE = "rw-------";
  private static final String FOLDER_MODE = "rwx------";
  private static final String PASSABLE = "rwxr-xr-x";

  private DurableFile() {}

  /**
   * Replaces {@code file}; when this returns, the new content survives a power failure. One writer
   * of a file at a time.
   *
   * @throws IOException if it cannot be written; it then holds what it held
   */
  public static void replace(Path file, byte[] content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    boolean _ = Files.deleteIfExists(draft); // Of a daemon that was killed, with any mode.
    try {
      write(draft, content);
      var _ = Files.move(draft, file, ATOMIC_MOVE);
    } catch (IOException e) {
      discard(draft, e); // On a full disk its bytes are in the way.
      throw e;
    }
    syncFolder(file);
  }

  /**
   * Creates {@code file}, and never replaces what another process has just written.
   *
   * @throws FileAlreadyExistsException if it is there already
   * @throws IOException if it cannot be written; it is not there then
   */
  public static void create(Path file, byte[] content) throws IOException {
    Path draft = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      write(draft, content);
      var _ = Files.createLink(file, draft); // Unlike a rename, a link fails if the name is taken.
    } finally {
      boolean _ = Files.deleteIfExists(draft);
    }
    syncFolder(file);
  }

  /** Makes a folder, and those above it, that only its owner may enter; one that exists stays. */
  public static void createFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      var _ = Files.createDirectories(folder, mode(folder, FOLDER_MODE));
    }
  }

  /**
   * Makes a folder, and those above it, for everybody to pass through and to look into, whatever
   * the process's umask keeps from others; one that exists stays as it is.
   */
  public static void createPassableFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (folder.getParent() != null) {
      createPassableFolder(folder.getParent());
    }
    try {
      var _ = Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
      return; // Somebody else was first.
    }
    if (isPosix(folder)) {
      var _ = Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(PASSABLE));
    }
  }

  /** Takes from others what they may do with a file; makes it, empty, where there is none. */
  public static void keepPrivate(Path file) throws IOException {
    try {
      var _ = Files.createFile(file, mode(file, FILE_MODE));
    } catch (FileAlreadyExistsException _) {
      if (isPosix(file)) {
        var _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(FILE_MODE));
      }
    }
  }

  /** Why a file cannot be written or read, in words for people. */
  public static String reason(IOException failure) {
    String words =
        failure instanceof FileSystemException known ? known.getReason() : failure.getMessage();
    return switch (failure) {
      case NoSuchFileException _ -> "it is not there";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "it is there already";
      case NotDirectoryException _ -> "it is no folder";
      case DirectoryNotEmptyException _ -> "the folder is not empty";
      default -> Objects.requireNonNullElse(words, "the file system failed");
    };
  }

  private static void write(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, Set.of(CREATE_NEW, WRITE), mode(file, FILE_MODE))) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        int _ = channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** The new name is an entry of the folder, which fsync(2) says has to be synced for itself. */
  private static void syncFolder(Path file) throws IOException {
    if (!isPosix(file)) {
      return; // Windows opens no folders.
    }
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
    try (FileChannel channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    }
  }

  private static void discard(Path draft, IOException because) {
    try {
      boolean _ = Files.deleteIfExists(draft);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private static FileAttribute<?>[] mode(Path path, String mode) {
    return isPosix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
