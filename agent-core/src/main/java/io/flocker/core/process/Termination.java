package io.flocker.core.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How a child is ended: TERM, KILL after a grace, and after one more grace it is listed as stuck.
 * Any thread may call.
 */
public final class Termination {
  /** Between TERM and KILL, and again between KILL and giving up. */
  public static final Duration GRACE = Duration.ofSeconds(5);

  private final Process process;
  private final String command;
  private final StuckChildren stuck;
  private final Duration grace;
  private final AtomicBoolean hasBegun = new AtomicBoolean();

  /**
   * The end of {@code process}, which {@link #begin} brings about.
   *
   * @param command as it is listed where it does not end
   * @param grace between two steps
   */
  public Termination(Process process, String command, StuckChildren stuck, Duration grace) {
    this.process = process;
    this.command = command;
    this.stuck = stuck;
    this.grace = grace;
  }

  /** Begins to end the child and returns at once. Idempotent. */
  public void begin() {
    if (hasBegun.compareAndSet(false, true)) {
      stuck.giveUp(process, command);
      process.destroy();
      ifStillAlive(this::kill);
    }
  }

  /**
   * Ends the child and waits for its end.
   *
   * @return whether it ended; one that did not is listed
   */
  public boolean await() throws InterruptedException {
    begin();
    return process.waitFor(grace.multipliedBy(2).plusSeconds(1));
  }

  private void kill() {
    process.destroyForcibly();
    ifStillAlive(() -> stuck.add(process, command));
  }

  private void ifStillAlive(Runnable next) {
    var _ =
        process
            .onExit()
            .orTimeout(grace.toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete((_, late) -> {
              if (late != null) {
                next.run();
              }
            });
  }
}
