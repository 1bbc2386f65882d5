package io.flocker.core.log;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;

import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A log file that begins anew at 100 MiB; the five before it are kept as {@code <name>.1}, the
 * newest, to {@code <name>.5}. As Flocker 1.15 had it. One thread only.
 */
final class RotatedFile implements LineAppender.Target {
  private static final long ROTATE_AT = 100L << 20;
  private static final int KEPT = 5;
  private static final Set<PosixFilePermission> READABLE =
      Set.copyOf(PosixFilePermissions.fromString("rw-r-----"));

  private final Path path;
  private final boolean isTorn;
  private FileChannel channel;

  /**
   * Opens it, and makes it where it is missing.
   *
   * @throws IOException naming it
   */
  RotatedFile(Path path) throws IOException {
    this.path = path;
    try {
      DurableFile.createPassableFolder(path.toAbsolutePath().resolveSibling(""));
      this.channel = open(path);
      this.isTorn = isTorn(path);
    } catch (IOException e) {
      throw new IOException("cannot write the log file " + path + ": " + e, e);
    }
  }

  @Override
  public boolean isTorn() {
    return isTorn;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    return channel.write(bytes);
  }

  @Override
  public void between() throws IOException {
    if (channel.size() >= ROTATE_AT) {
      for (int number = KEPT - 1; number > 0; number--) {
        if (Files.exists(kept(number))) {
          var _ = Files.move(kept(number), kept(number + 1), REPLACE_EXISTING);
        }
      }
      var _ = Files.move(path, kept(1), REPLACE_EXISTING);
      FileChannel full = channel;
      channel = open(path);
      full.close();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private Path kept(int number) {
    return path.resolveSibling(path.getFileName() + "." + number);
  }

  private static boolean isTorn(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      return false; // A pipe, or a device: what was written to it is gone.
    }
    try (FileChannel written = FileChannel.open(path, READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      long size = written.size();
      return size > 0 && written.read(last, size - 1) == 1 && last.get(0) != '\n';
    }
  }

  /** The group may read a new one, whatever the umask takes away; an old one stays as it is. */
  private static FileChannel open(Path path) throws IOException {
    boolean isNew = Files.notExists(path);
    FileChannel channel =
        FileChannel.open(
            path, Set.of(CREATE, APPEND), PosixFilePermissions.asFileAttribute(READABLE));
    if (isNew) {
      var _ = Files.setPosixFilePermissions(path, READABLE);
    }
    return channel;
  }
}
