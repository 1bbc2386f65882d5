package io.flocker.cli.command;

import io.flocker.core.failure.FailureException;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.util.UUID;

/**
 * What Ctrl-C does while an operation is followed: the operation goes on and the way back to it is
 * told, or it is cancelled. Armed until closed.
 */
final class Interruption implements AutoCloseable {
  private final UUID operation;
  private final FlockerClient node;
  private final Progress progress;
  private final Session session;
  private final boolean cancel;
  private final InterruptHook hook;

  Interruption(
      UUID operation, FlockerClient node, Progress progress, Session session, boolean cancel) {
    this.operation = operation;
    this.node = node;
    this.progress = progress;
    this.session = session;
    this.cancel = cancel;
    this.hook = new InterruptHook(this::interrupted);
  }

  /** Disarms; from now on an interrupt ends the command and nothing else. */
  @Override
  public void close() {
    hook.close();
  }

  /** Runs while the process ends. */
  void interrupted() {
    progress.close();
    if (cancel) {
      cancel();
    } else {
      session.complain("flocker: interrupted; operation " + operation + " goes on");
    }
    session.tellHowToFollow(operation);
  }

  private void cancel() {
    try {
      node.cancel(operation);
      session.complain("flocker: interrupted; operation " + operation + " is being cancelled");
    } catch (FailureException | IOException e) {
      session.complain("flocker: operation " + operation + " goes on: " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
