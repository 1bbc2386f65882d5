package io.flocker.cli.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.json.JsonMappers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import tools.jackson.core.JacksonException;

/** JSON objects in a line each, of bounded length. One thread reads, one writes. */
public final class JsonLines {
  private JsonLines() {}

  /**
   * Reads the next line.
   *
   * @param maxBytes the longest that is taken
   * @throws IOException if there is none, it is too long, or no such object
   */
  public static <T> T read(InputStream in, Class<T> type, int maxBytes) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection has ended");
      }
      if (line.size() == maxBytes) {
        throw new IOException("more than " + maxBytes + " bytes were sent");
      }
      line.write(next);
    }
    try {
      T message = JsonMappers.WIRE.readValue(line.toByteArray(), type);
      if (message == null) {
        throw new IOException("what was sent is not understood: it is null");
      }
      return message;
    } catch (JacksonException e) {
      throw new IOException("what was sent is not understood: " + e.getOriginalMessage(), e);
    }
  }

  /** Writes one, at once. */
  public static void write(OutputStream out, Object message) throws IOException {
    out.write((JsonMappers.WIRE.writeValueAsString(message) + "\n").getBytes(UTF_8));
    out.flush();
  }
}
