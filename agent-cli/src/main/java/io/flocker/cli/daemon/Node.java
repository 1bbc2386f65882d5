package io.flocker.cli.daemon;

import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.failure.FailureException;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import java.util.Map;

/** One running node, from {@link #start} to {@link #close}. */
final class Node implements AutoCloseable {
  private final Closing closing;

  private Node(Closing closing) {
    this.closing = closing;
  }

  /**
   * Opens everything, in the order in which one thing needs another, and serves.
   *
   * @throws StartException why not; nothing is left open then
   */
  static Node start(NodeConfiguration configuration) throws StartException {
    Closing closing = new Closing();
    Action action =
        Action.startTask(
            ActionType.DAEMON_START, Map.of("configuration", configuration.toString()));
    try {
      action.call(() -> {
        new Assembly(configuration, closing).run();
        return true;
      });
      return new Node(closing);
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

  /** Stops serving, ends or aborts what runs, closes everything; within 10 s. */
  @Override
  public void close() {
    Action.startTask(ActionType.DAEMON_STOP, Map.of())
        .call(() -> {
          closing.close();
          return true;
        });
  }
}
