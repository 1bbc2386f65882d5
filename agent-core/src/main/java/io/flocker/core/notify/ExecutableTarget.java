package io.flocker.core.notify;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.NotifyFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.ActionType;
import io.flocker.core.process.Asked;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.Commands;
import io.flocker.core.process.Launch;
import io.flocker.core.process.Output;
import io.flocker.core.process.StuckChildren;
import java.time.Duration;
import java.util.List;

/**
 * A program that reads the notification from its standard input, and says by exit status 0 that it
 * took it. One runs at a time.
 */
public final class ExecutableTarget implements Target {
  private static final Asked PROGRAM =
      Asked.ofUsers(
          "the program of notify", ActionType.NOTIFY_EXECUTABLE, NotifyFailure.NOTIFICATION_FAILED);

  /** What it says is for nobody; more than that is too much. */
  private static final int MAX_STDOUT_BYTES = 1 << 20;

  private final List<String> argv;
  private final Duration deadline;
  private final Commands commands;

  /**
   * Starts it once for each notification.
   *
   * @param self by which a later daemon knows what this one has left
   */
  public ExecutableTarget(NodeId self, List<String> argv, Duration deadline) {
    this.argv = List.copyOf(argv);
    this.deadline = deadline;
    this.commands =
        new Commands(
            new Launch(PROGRAM, "notification of " + self),
            1,
            new StuckChildren(),
            CommandObserver.NONE);
  }

  @Override
  public String name() {
    return "executable";
  }

  @Override
  public void tell(Notification notification) throws FailureException {
    Output output = commands.run(argv, notification.json() + "\n", MAX_STDOUT_BYTES, deadline);
    if (output.exit() != 0) {
      throw NotifyFailure.NOTIFICATION_FAILED
          .because(
              "%s ended with exit status %d: %s"
                  .formatted(argv.getFirst(), output.exit(), output.stderr().strip()))
          .with("stderr", output.stderr());
    }
  }
}
