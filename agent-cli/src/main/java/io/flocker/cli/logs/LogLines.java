package io.flocker.cli.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The lines of one log. One thread. */
final class LogLines {
  /** Ours are below 150 kB; of one that is longer the rest is passed over. */
  static final int LONGEST = 1 << 20;

  private final String node;
  private final InputStream in;
  private final byte[] buffer = new byte[64 << 10];
  private int next;
  private int end;
  private Instant last = Instant.MIN;

  /**
   * A line.
   *
   * @param message what it is; empty if it is no message
   * @param at when; as the line before if it does not say
   */
  record Line(String text, Optional<LogMessage> message, Instant at) {}

  /**
   * Those of a stream, which is closed by whoever has opened it.
   *
   * @param node what people call the log
   */
  LogLines(String node, InputStream in) {
    this.node = node;
    this.in = in;
  }

  /** The next one; null at the end. */
  @Nullable Line next() throws IOException {
    String text = text();
    while (text != null && text.isBlank()) {
      text = text();
    }
    if (text == null) {
      return null;
    }
    Optional<LogMessage> message = LogMessage.parse(node, text);
    last = message.map(LogMessage::at).orElse(last);
    return new Line(text, message, last);
  }

  private @Nullable String text() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    boolean isThere = false;
    while (true) {
      if (next == end) {
        next = 0;
        end = Math.max(0, in.read(buffer));
        if (end == 0) {
          return isThere ? line.toString(UTF_8) : null;
        }
      }
      isThere = true;
      int from = next;
      while (next < end && buffer[next] != '\n') {
        next++;
      }
      line.write(buffer, from, Math.min(next - from, LONGEST - line.size()));
      if (next < end) {
        next++;
        return line.toString(UTF_8);
      }
    }
  }
}
