package io.flocker.cli.daemon;

import io.flocker.core.config.ConfigurationException;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.log.Action;
import io.flocker.core.log.Logging;
import io.flocker.core.log.MessageType;
import io.flocker.core.os.NotifySocket;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What HUP asks for: certificates and settings are read anew. Nothing that runs is cut, and nothing
 * that is wrong ends the daemon. One thread.
 */
final class Reload implements Runnable {
  private static final String LOG = "log";

  /** What the node takes up while it runs. */
  private static final Set<String> AT_ONCE = Set.of("replicas", "hooks");

  private final Path file;
  private final NodeConfiguration started;
  private final Node node;
  private final NotifySocket manager;

  /**
   * One of a running node.
   *
   * @param started the settings that it was started with
   */
  Reload(Path file, NodeConfiguration started, Node node, NotifySocket manager) {
    this.file = file;
    this.started = started;
    this.node = node;
    this.manager = manager;
  }

  @Override
  public void run() {
    tell(NotifySocket::reloading);
    try {
      readSettings();
      node.reload();
    } catch (RuntimeException e) {
      Action.traceback(e);
    }
    tell(NotifySocket::ready);
  }

  /** What cannot count at once is only said to have changed. */
  private void readSettings() {
    try {
      NodeConfiguration fresh = NodeConfiguration.read(file);
      Logging.level(fresh.log().level());
      node.settings(fresh);
      Action.message(
          MessageType.CONFIG_LOADED,
          Map.of("file", file.toString(), "afterRestart", afterRestart(fresh)));
    } catch (ConfigurationException e) {
      Action.message(MessageType.CONFIG_REFUSED, Map.of("reason", String.valueOf(e.getMessage())));
    }
  }

  /** The settings that differ and count from the next start on. */
  private List<String> afterRestart(NodeConfiguration fresh) {
    return Arrays.stream(NodeConfiguration.class.getRecordComponents())
        .filter(setting -> !AT_ONCE.contains(setting.getName()))
        .filter(setting -> isDifferent(setting, fresh))
        .map(RecordComponent::getName)
        .toList();
  }

  private boolean isDifferent(RecordComponent setting, NodeConfiguration fresh) {
    if (setting.getName().equals(LOG)) {
      return !fresh.log().target().equals(started.log().target());
    }
    try {
      Object before = setting.getAccessor().invoke(started);
      return !before.equals(setting.getAccessor().invoke(fresh));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record that cannot be read", e);
    }
  }

  private interface Word {
    void to(NotifySocket manager) throws IOException;
  }

  private void tell(Word word) {
    try {
      word.to(manager);
    } catch (IOException e) {
      Action.traceback(e); // The service manager may be gone; we are not.
    }
  }
}
