package io.flocker.cli.daemon;

import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.failure.FailureException;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.http.route.Route;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One running node, from {@link #start} to {@link #close}. */
final class Node implements AutoCloseable {
  private final ResourceStack closing;
  private final List<Route> served;
  private final Runnable reload;
  private final Consumer<NodeConfiguration> settings;
  private final Supervision.Vitals vitals;

  private Node(
      ResourceStack closing,
      List<Route> served,
      Runnable reload,
      Consumer<NodeConfiguration> settings,
      Supervision.Vitals vitals) {
    this.closing = closing;
    this.served = served;
    this.reload = reload;
    this.settings = settings;
    this.vitals = vitals;
  }

  /**
   * Opens everything, in the order in which one thing needs another, and serves.
   *
   * @param argv what the program was called with, for the log
   * @param settings a line for each that holds, for the log
   * @throws StartException why not; nothing is left open then
   */
  static Node start(NodeConfiguration configuration, List<String> argv, List<String> settings)
      throws StartException {
    ResourceStack closing = new ResourceStack();
    Action action =
        Action.startTask(ActionType.DAEMON_START, Map.of("argv", argv, "configuration", settings));
    try {
      Assembly assembly = new Assembly(configuration, closing);
      Supervision.Vitals vitals = action.call(assembly::run);
      return new Node(closing, assembly.served(), assembly.reload(), assembly.settings(), vitals);
    } catch (StartException e) {
      closing.close();
      throw e;
    } catch (FailureException e) {
      closing.close();
      throw new StartException(e.detail() + " (" + e.failure().remedy() + ")", e);
    } catch (Exception e) {
      closing.close();
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  /** All that it serves. */
  List<Route> served() {
    return served;
  }

  /** Its signs of life. */
  Supervision.Vitals vitals() {
    return vitals;
  }

  /** Reads anew what may change while it runs; nothing that runs is cut. */
  void reload() {
    reload.run();
  }

  /** Takes up those of the settings that may change while it runs. */
  void settings(NodeConfiguration fresh) {
    settings.accept(fresh);
  }

  /** Stops serving, ends or aborts what runs, closes everything; within 10 s. */
  @Override
  public void close() {
    close(Map.of());
  }

  /** The same, and has the log tell why. */
  void close(Map<String, String> why) {
    Action.startTask(ActionType.DAEMON_STOP, why)
        .call(() -> {
          closing.close();
          return true;
        });
  }
}
