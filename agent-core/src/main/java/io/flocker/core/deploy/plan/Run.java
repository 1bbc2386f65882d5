package io.flocker.core.deploy.plan;

/**
 * What flockerd remembers of an application's container, beside what the engine says.
 *
 * @param restarts how often its policy has had it restarted since it was last wished anew, or had
 *     run well for a while
 * @param wasInterrupted whether it ended because flockerd, the engine or the machine made an end of
 *     it, and not by itself
 */
public record Run(int restarts, boolean wasInterrupted) {
  /** Of one that was never restarted, and whatever becomes of it does so by itself. */
  public static final Run FIRST = new Run(0, false);
}
