package io.flocker.core.log;

import java.net.URI;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.AbstractConfiguration;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.status.StatusLogger;
import org.jspecify.annotations.Nullable;

/**
 * Log4j's configuration until {@link Logging} starts and after it: nobody logs anything, and
 * commands print only what they mean to. Log4j makes it, as {@code log4j2.component.properties}
 * says; from a file it would read its plugins' annotations first. Any thread may call.
 */
public final class Silence extends ConfigurationFactory {
  /** Nothing that anybody logs, Log4j about itself too. */
  static Configuration of(@Nullable LoggerContext context) {
    StatusLogger.getLogger().getFallbackListener().setLevel(Level.OFF);
    return new Nothing(context);
  }

  @Override
  public Configuration getConfiguration(
      LoggerContext context, String name, @Nullable URI location) {
    return of(context);
  }

  @Override
  public Configuration getConfiguration(LoggerContext context, ConfigurationSource source) {
    return of(context);
  }

  @Override
  protected String[] getSupportedTypes() {
    return new String[] {"*"}; // Whatever the file is called: none is looked for.
  }

  private static final class Nothing extends AbstractConfiguration {
    Nothing(@Nullable LoggerContext context) {
      super(context, ConfigurationSource.NULL_SOURCE);
      isShutdownHookEnabled = false; // The daemon logs until its own end.
    }

    @Override
    protected void doConfigure() {
      getRootLogger().setLevel(Level.OFF);
    }
  }
}
