package io.flocker.core.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.layout.template.json.JsonTemplateLayout;

/**
 * Writes one line a message, many at once, and knows exactly how many did not reach the file: a
 * full disk takes a part of what it is given. One thread only.
 */
final class LineAppender extends AbstractAppender {
  private static final int MOST_AT_ONCE = 64 * 1024;

  /** How many messages could not be written. */
  static final class UnwrittenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int count;

    UnwrittenException(int count, IOException cause) {
      super(cause);
      this.count = count;
    }

    int count() {
      return count;
    }
  }

  /** Where the bytes go. */
  interface Target extends AutoCloseable {
    /** Writes some of them, as a channel does. */
    int write(ByteBuffer bytes) throws IOException;

    /** Whether what is there ends in the midst of a line, as a daemon leaves it that is killed. */
    default boolean isTorn() {
      return false;
    }

    /** A good place to begin another file: all lines so far are whole. */
    default void between() throws IOException {}

    @Override
    void close() throws IOException;
  }

  private final JsonTemplateLayout layout;
  private final Target target;
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

  /** Whether the file ends in the midst of a line. */
  private boolean isTorn;

  LineAppender(Target target, JsonTemplateLayout layout) {
    super("lines", null, layout, false, Property.EMPTY_ARRAY);
    this.target = target;
    this.layout = layout;
    this.isTorn = target.isTorn();
  }

  /**
   * Adds a line, and writes all at the end of a batch.
   *
   * @throws UnwrittenException telling how many lines are lost, this one's or those before
   */
  @Override
  public void append(LogEvent event) {
    lines.writeBytes(layout.toByteArray(event));
    if (event.isEndOfBatch() || lines.size() >= MOST_AT_ONCE) {
      write();
    }
  }

  @Override
  public boolean stop(long timeout, TimeUnit unit) {
    try (target) {
      write();
    } catch (IOException | UnwrittenException _) {
      // The process ends, and nobody is left to be told.
    }
    return super.stop(timeout, unit);
  }

  private void write() {
    if (isTorn) {
      byte[] whole = lines.toByteArray();
      lines.reset();
      lines.write('\n'); // What follows is readable again.
      lines.writeBytes(whole);
    }
    ByteBuffer bytes = ByteBuffer.wrap(lines.toByteArray());
    lines.reset();
    try {
      if (!isTorn) {
        target.between();
      }
      while (bytes.hasRemaining()) {
        int _ = target.write(bytes);
      }
      isTorn = false;
    } catch (IOException e) {
      int written = bytes.position();
      int mended = isTorn && written == 0 ? 1 : 0; // The end of a line that was counted before.
      isTorn = written > 0 ? bytes.get(written - 1) != '\n' : isTorn;
      throw new UnwrittenException(ends(bytes) - mended, e);
    }
  }

  /** How many lines end in what remains. */
  private static int ends(ByteBuffer bytes) {
    int ends = 0;
    while (bytes.hasRemaining()) {
      ends += bytes.get() == '\n' ? 1 : 0;
    }
    return ends;
  }
}
