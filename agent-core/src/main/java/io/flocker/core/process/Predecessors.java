package io.flocker.core.process;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.os.Orphan;
import io.flocker.core.os.Orphans;
import io.flocker.core.retry.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The children of a daemon that was here before and was killed. Whatever is read of the pool while
 * one of them is at work may be otherwise a moment later, so nothing is asked before all have
 * ended: by themselves, or by TERM and KILL. Any thread may call.
 */
final class Predecessors {
  /** Far longer than ZFS takes for what it has begun. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Asked asked;
  private final String thing;
  private final Duration patience;
  private final Duration grace;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean areGone;

  /**
   * Those that work on one thing.
   *
   * @param asked whom they ask
   * @param patience how long they may take to end by themselves
   * @param grace between TERM and KILL, and again between KILL and giving up
   */
  Predecessors(Asked asked, String thing, Duration patience, Duration grace) {
    this.asked = asked;
    this.thing = thing;
    this.patience = patience;
    this.grace = grace;
  }

  /** Those that work on one thing; they are given 10 s before they are ended. */
  static Predecessors on(Asked asked, String thing) {
    return new Predecessors(asked, thing, PATIENCE, Termination.GRACE);
  }

  /**
   * Returns once none is left; afterwards at once.
   *
   * @throws FailureException {@link Asked#late} while one cannot be ended, naming it
   */
  void awaitEnd() throws FailureException {
    if (areGone) {
      return;
    }
    try {
      lock.lockInterruptibly();
      try {
        if (!areGone) {
          end();
          areGone = true;
        }
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransferFailure.CANCELLED
          .because("the wait for commands of the daemon before was interrupted")
          .causedBy(e);
    }
  }

  private void end() throws FailureException, InterruptedException {
    List<Orphan> left = left();
    if (left.isEmpty()) {
      return;
    }
    Action action = Action.start(ActionType.CHILD_LEFT, Map.of("children", told(left)));
    try {
      boolean haveEnded = areGoneWithin(patience);
      if (!haveEnded) {
        left().forEach(orphan -> orphan.process().destroy());
        endByForce();
      }
      action.succeed(Map.of("forced", !haveEnded));
    } catch (FailureException | InterruptedException | RuntimeException e) {
      action.fail(e);
      throw e;
    }
  }

  private void endByForce() throws FailureException, InterruptedException {
    if (areGoneWithin(grace)) {
      return;
    }
    left().forEach(orphan -> orphan.process().destroyForcibly());
    if (!areGoneWithin(grace)) {
      throw asked
          .late()
          .because(
              "commands of the daemon before are still at work on %s and cannot be killed: %s"
                  .formatted(thing, told(left())));
    }
  }

  private boolean areGoneWithin(Duration time) throws FailureException, InterruptedException {
    Backoff backoff = Backoff.every(PAUSE).within(time);
    while (!left().isEmpty()) {
      if (!backoff.pause()) {
        return false;
      }
    }
    return true;
  }

  private List<Orphan> left() throws FailureException {
    try {
      return Orphans.of(thing);
    } catch (IOException e) {
      throw asked
          .unavailable()
          .because("nobody knows what the daemon before has left: " + e.getMessage())
          .causedBy(e);
    }
  }

  private List<String> told(List<Orphan> orphans) {
    return orphans.stream()
        .map(orphan -> orphan.process().pid() + " " + String.join(" ", asked.told(orphan.argv())))
        .toList();
  }
}
