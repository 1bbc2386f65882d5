package io.flocker.cli.logs;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that grows: at its end a reader waits for more, and goes on with the file that has taken
 * its place once it is moved away. One thread.
 */
final class FollowedFile extends InputStream {
  /** Between two looks. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Path path;
  private FileChannel channel;
  private @Nullable Object key;

  /**
   * Opens one.
   *
   * @param isFromEnd whether only what is to come is read
   * @throws IOException if there is none, or it cannot be read
   */
  FollowedFile(Path path, boolean isFromEnd) throws IOException {
    this.path = path;
    this.channel = FileChannel.open(path);
    this.key = attributes(path).fileKey();
    if (isFromEnd) {
      channel.position(channel.size());
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer into = ByteBuffer.wrap(bytes, offset, length);
    while (true) {
      int read = channel.read(into);
      if (read > 0) {
        return read;
      }
      if (!goOn(into)) {
        pause();
      }
      if (into.position() > offset) {
        return into.position() - offset;
      }
    }
  }

  /** Whether there is another file, or the same from its beginning, or more of this one now. */
  private boolean goOn(ByteBuffer into) throws IOException {
    try {
      BasicFileAttributes now = attributes(path);
      if (Objects.equals(now.fileKey(), key)) {
        if (now.size() < channel.position()) {
          channel.position(0); // It was cut to nothing in its place.
          return true;
        }
        return false;
      }
      if (channel.read(into) > 0) {
        return true; // What was written before it was moved away.
      }
      FileChannel next = FileChannel.open(path);
      channel.close();
      channel = next;
      key = attributes(path).fileKey();
      return true;
    } catch (NoSuchFileException _) {
      return false; // Between the two.
    }
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class);
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
