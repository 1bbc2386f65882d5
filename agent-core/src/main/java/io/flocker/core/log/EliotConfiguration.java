package io.flocker.core.log;

import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.AbstractConfiguration;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.Property;

/** Leads all that libraries log, from {@code level} up, into the queue. */
final class EliotConfiguration extends AbstractConfiguration {
  private final MessageQueue queue;
  private final LogLevel level;

  EliotConfiguration(LoggerContext context, MessageQueue queue, LogLevel level) {
    super(context, ConfigurationSource.NULL_SOURCE);
    this.queue = queue;
    this.level = level;
    isShutdownHookEnabled = false; // The daemon logs until its own end.
    shutdownTimeoutMillis = TimeUnit.SECONDS.toMillis(1);
  }

  @Override
  protected void doConfigure() {
    LibraryAppender appender = new LibraryAppender(queue);
    addAppender(appender);
    getRootLogger().setLevel(level.log4j());
    getRootLogger().addAppender(appender, null, null);
  }

  /** Makes a message of each event while still in the caller's thread: events are mutable. */
  private static final class LibraryAppender extends AbstractAppender {
    private final MessageQueue queue;

    LibraryAppender(MessageQueue queue) {
      super("library", null, null, true, Property.EMPTY_ARRAY);
      this.queue = queue;
    }

    @Override
    public void append(LogEvent event) {
      queue.put(Logging.event(Message.ofLibrary(event), event.getLevel()));
    }
  }
}
