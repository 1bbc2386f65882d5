package io.flocker.cli.daemon;

import io.flocker.core.config.ConfigurationException;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.config.Setting;
import io.flocker.core.log.Action;
import io.flocker.core.log.Logging;
import io.flocker.core.log.MessageType;
import io.flocker.core.os.NotifySocket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What HUP asks for: certificates and settings are read anew. Nothing that runs is cut, and nothing
 * that is wrong ends the daemon. One thread.
 */
final class Reload implements Runnable {
  /** What the node takes up while it runs, and what is below it. */
  private static final List<String> AT_ONCE = List.of("replicas.", "hooks.", "log.level");

  private final Path file;
  private final List<Setting> started;
  private final Node node;
  private final NotifySocket manager;
  private List<Setting> last;

  /**
   * One of a running node.
   *
   * @param started the settings that it was started with
   */
  Reload(Path file, List<Setting> started, Node node, NotifySocket manager) {
    this.file = file;
    this.started = List.copyOf(started);
    this.last = this.started;
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
      NodeConfiguration.Explained fresh = NodeConfiguration.explain(file);
      Logging.level(fresh.configuration().log().level());
      node.settings(fresh.configuration());
      Action.message(
          MessageType.CONFIG_LOADED,
          Map.of(
              "file", file.toString(),
              "applied", applied(last, fresh.settings()),
              "afterRestart", afterRestart(started, fresh.settings())));
      last = fresh.settings();
    } catch (ConfigurationException e) {
      Action.message(MessageType.CONFIG_REFUSED, Map.of("reason", String.valueOf(e.getMessage())));
    }
  }

  /** The settings that differ and count at once. */
  static List<String> applied(List<Setting> last, List<Setting> fresh) {
    return differing(last, fresh).filter(Reload::isAtOnce).toList();
  }

  /** The settings that differ and count from the next start on. */
  static List<String> afterRestart(List<Setting> started, List<Setting> fresh) {
    return differing(started, fresh).filter(key -> !isAtOnce(key)).toList();
  }

  private static boolean isAtOnce(String key) {
    return AT_ONCE.stream().anyMatch(key::startsWith);
  }

  private static Stream<String> differing(List<Setting> before, List<Setting> fresh) {
    Map<String, String> old = values(before);
    Map<String, String> now = values(fresh);
    return Stream.concat(old.keySet().stream(), now.keySet().stream())
        .distinct()
        .sorted()
        .filter(key -> !Objects.equals(old.get(key), now.get(key)));
  }

  private static Map<String, String> values(List<Setting> settings) {
    return settings.stream().collect(Collectors.toMap(Setting::key, Setting::value));
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
