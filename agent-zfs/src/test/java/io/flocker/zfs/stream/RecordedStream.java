package io.flocker.zfs.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** A stream that a real {@code zfs send} made; how and where stands in the file beside them. */
final class RecordedStream {
  private RecordedStream() {}

  static byte[] read(String name) {
    String file = name + ".zstream.gz";
    InputStream resource =
        Objects.requireNonNull(RecordedStream.class.getResourceAsStream(file), file);
    try (GZIPInputStream in = new GZIPInputStream(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
