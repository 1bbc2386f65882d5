package io.flocker.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;

/** Logs each line printed to it; a line longer than a field may be becomes several. Any thread. */
final class PrintCapture extends OutputStream {
  private final String name;
  private final Level level;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /** Makes the stream; {@code name} stands in the messages as the logger. */
  static PrintStream stream(String name, Level level) {
    return new PrintStream(new PrintCapture(name, level), false, UTF_8);
  }

  private PrintCapture(String name, Level level) {
    this.name = name;
    this.level = level;
  }

  @Override
  public void write(int octet) {
    String whole = null;
    synchronized (line) {
      if (octet != '\n') {
        line.write(octet);
      }
      if (octet == '\n' || line.size() >= FieldCopy.MAX_STRING) {
        whole = line.toString(UTF_8);
        line.reset();
      }
    }
    if (whole != null) {
      log(whole);
    }
  }

  /** Logs what has no newline at its end. */
  @Override
  public void close() {
    String rest;
    synchronized (line) {
      rest = line.toString(UTF_8);
      line.reset();
    }
    log(rest);
  }

  private void log(String text) {
    if (!text.isBlank()) {
      LogManager.getLogger(name).log(level, text.stripTrailing());
    }
  }
}
