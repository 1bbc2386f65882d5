package io.flocker.core.log;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.apache.logging.log4j.jul.Log4jBridgeHandler;

/** Leads what is logged through {@code java.util.logging} to Log4j, until closed. */
final class JavaLogging implements AutoCloseable {
  private final Logger root = LogManager.getLogManager().getLogger("");
  private final List<Handler> replaced = List.of(root.getHandlers());
  private final Level before = root.getLevel();
  private final Handler bridge = new Log4jBridgeHandler();

  JavaLogging(LogLevel least) {
    replaced.forEach(root::removeHandler);
    root.addHandler(bridge);
    level(least);
  }

  /** Takes what libraries log from {@code least} up. */
  void level(LogLevel least) {
    root.setLevel(
        switch (least) {
          case DEBUG -> Level.FINE;
          case INFO -> Level.INFO;
          case WARN -> Level.WARNING;
          case ERROR -> Level.SEVERE;
        });
  }

  @Override
  public void close() {
    root.removeHandler(bridge);
    root.setLevel(before);
    replaced.forEach(root::addHandler);
  }
}
