package io.flocker.cli.command;

import io.flocker.core.failure.FailureException;
import io.flocker.core.operation.OperationView;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.UnreachableException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether and how a command follows the operation that it started. */
final class FollowOptions {
  @Option(names = "--detach", description = "Print the operation's id and do not wait for its end")
  private boolean detach;

  @Option(
      names = "--cancel-on-interrupt",
      description = "Cancel the operation on Ctrl-C; else it goes on")
  private boolean cancelOnInterrupt;

  /**
   * Follows {@code operation} to its end, showing how far it is.
   *
   * @throws FailureException if the operation fails, for the operation's reason
   */
  int follow(OperationView operation, FlockerClient node, Session session)
      throws FailureException, IOException, InterruptedException {
    if (detach) {
      session.print(operation, () -> List.of("started " + operation.kind() + " " + operation.id()));
      return ExitCode.DONE;
    }
    session.environment().endOnceUnread(); // The operation goes on.
    OperationView last = operation;
    try (Progress progress = Progress.in(session);
        Interruption _ =
            new Interruption(operation.id(), node, progress, session, cancelOnInterrupt)) {
      progress.show(last);
      while (!last.state().isEnd()) {
        last = node.operation(operation.id(), progress.pace());
        progress.show(last);
      }
    } catch (UnreachableException e) {
      session.tellHowToFollow(operation.id());
      throw e;
    }
    return close(last, session);
  }

  private static int close(OperationView last, Session session) throws FailureException {
    Optional<FailureException> failure = FlockerClient.failure(last);
    if (failure.isPresent()) {
      throw failure.get();
    }
    session.print(last, () -> List.of(Summary.of(last, Instant.now())));
    return ExitCode.DONE;
  }
}
