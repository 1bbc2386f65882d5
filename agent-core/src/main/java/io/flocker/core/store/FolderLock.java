package io.flocker.core.store;

import static java.nio.file.StandardOpenOption.WRITE;

import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;

/**
 * That one daemon uses the state folder and no other; the kernel ends it with the process. Not on
 * the database's own file, whose locks SQLite would lose with it.
 */
final class FolderLock implements AutoCloseable {
  private static final String FILE = "flockerd.lock";

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes it.
   *
   * @throws IOException if another daemon has it
   */
  static FolderLock take(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    DurableFile.keepPrivate(file);
    FileChannel channel = FileChannel.open(file, WRITE);
    try {
      if (channel.tryLock() != null) {
        return new FolderLock(channel);
      }
    } catch (OverlappingFileLockException _) {
      // This very process has it.
    }
    channel.close();
    throw new IOException("another flockerd uses the state folder " + folder);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
