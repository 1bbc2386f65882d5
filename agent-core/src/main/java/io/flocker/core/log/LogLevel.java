package io.flocker.core.log;

import java.util.Locale;
import org.apache.logging.log4j.Level;

/** How much a message matters; the setting {@code log.level} names the least that is logged. */
public enum LogLevel {
  /** For whoever looks for a fault. */
  DEBUG,
  /** The course of things. */
  INFO,
  /** Somebody should look, some day. */
  WARN,
  /** Something went wrong. */
  ERROR;

  /** What Log4j calls it. */
  Level log4j() {
    return switch (this) {
      case DEBUG -> Level.DEBUG;
      case INFO -> Level.INFO;
      case WARN -> Level.WARN;
      case ERROR -> Level.ERROR;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
