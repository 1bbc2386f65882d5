package io.flocker.zfs;

import io.flocker.core.failure.FailureException;
import io.flocker.core.os.Descriptors;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import io.flocker.core.stream.StreamInspector;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** Moves bytes between children, by the blocking streams that tests can afford. */
final class Pump {
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final long PATIENCE_SECONDS = 120;

  private Pump() {}

  /** All that {@code child} sends; its exit must be 0. */
  static byte[] drain(Child child) throws Exception {
    int descriptor = child.takeDescriptor();
    try (FileInputStream in = new FileInputStream("/proc/self/fd/" + descriptor)) {
      byte[] all = in.readAllBytes();
      if (!exit(child).isSuccess()) {
        throw new IOException(child.command() + ": " + child.stderrTail());
      }
      return all;
    } finally {
      Descriptors.close(descriptor);
      child.close();
    }
  }

  /** Gives {@code bytes} to {@code child} and says how it ended; a broken pipe is no failure. */
  static Exit feed(Child child, byte[] bytes) throws Exception {
    int descriptor = child.takeDescriptor();
    try (FileOutputStream out = new FileOutputStream("/proc/self/fd/" + descriptor)) {
      out.write(bytes);
    } catch (IOException _) {
      // The child has said enough; its exit status tells.
    } finally {
      Descriptors.close(descriptor);
    }
    return exit(child);
  }

  /** Shows {@code bytes} to {@code inspector} in chunks, to the end. */
  static void inspect(StreamInspector inspector, byte[] bytes) throws FailureException {
    for (int at = 0; at < bytes.length; at += CHUNK_BYTES) {
      int length = Math.min(CHUNK_BYTES, bytes.length - at);
      inspector.inspect(ByteBuffer.wrap(bytes, at, length));
    }
    inspector.end();
  }

  static Exit exit(Child child) throws Exception {
    return child.exit().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
