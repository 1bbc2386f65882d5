package io.flocker.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.os.UnixDatagram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.layout.template.json.JsonTemplateLayout;

/**
 * Sends each message to journald by its native protocol: {@code MESSAGE} is the JSON line, beside
 * it are fields that {@code journalctl} can select by. One thread only.
 *
 * @see <a href="https://systemd.io/JOURNAL_NATIVE_PROTOCOL/">Native Journal Protocol</a>
 */
final class JournalAppender extends AbstractAppender {
  private static final String IDENTIFIER = "flockerd";

  private final UnixDatagram socket;
  private final JsonTemplateLayout layout;

  /** Opens a socket to send from; journald itself may come and go. */
  JournalAppender(Path socket, JsonTemplateLayout layout) throws IOException {
    super("journald", null, layout, false, Property.EMPTY_ARRAY);
    this.socket = UnixDatagram.to(socket.toString());
    this.layout = layout;
  }

  @Override
  public void append(LogEvent event) {
    try {
      socket.send(entry(event).getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean stop(long timeout, TimeUnit unit) {
    socket.close();
    return super.stop(timeout, unit);
  }

  /** No value holds a newline: JSON escapes it, uuids and types have none. */
  private String entry(LogEvent event) {
    Message message = (Message) event.getMessage();
    return "PRIORITY="
        + priority(message, event.getLevel())
        + "\nSYSLOG_IDENTIFIER="
        + IDENTIFIER
        + "\nELIOT_TASK="
        + message.task()
        + "\nELIOT_TYPE="
        + message.type()
        + "\nMESSAGE="
        + layout.toSerializable(event).stripTrailing()
        + "\n";
  }

  /** As syslog(3) counts: a traceback is critical, as Flocker 1.15 had it. */
  private static int priority(Message message, Level level) {
    if (message.type().equals(MessageType.TRACEBACK.toString())) {
      return 2;
    }
    return switch (level.getStandardLevel()) {
      case OFF, FATAL -> 2;
      case ERROR -> 3;
      case WARN -> 4;
      case INFO -> 6;
      case DEBUG, TRACE, ALL -> 7;
    };
  }
}
