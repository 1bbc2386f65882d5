package io.flocker.cli.daemon;

import io.flocker.core.failure.FailureException;
import io.flocker.core.log.Action;
import io.flocker.transfer.handoff.Granting;
import java.time.Duration;

/**
 * Goes on, from start to stop, with the handoffs that were committed and whose peers have not taken
 * the volume yet: after a commit there is only forward.
 */
final class HandoffRecovery implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final Granting granting;
  private final Thread thread;

  private HandoffRecovery(Granting granting) {
    this.granting = granting;
    this.thread = Thread.ofVirtual().name("handoff-recovery").unstarted(this::run);
  }

  /** Starts a first round at once. */
  static HandoffRecovery start(Granting granting) {
    HandoffRecovery recovery = new HandoffRecovery(granting);
    recovery.thread.start();
    return recovery;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        int _ = granting.recover();
      } catch (FailureException e) {
        Action.traceback(e);
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException _) {
        return;
      }
    }
  }
}
