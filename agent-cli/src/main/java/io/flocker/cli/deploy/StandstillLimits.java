package io.flocker.cli.deploy;

import java.time.Duration;

/**
 * How long nothing may move until it is given up.
 *
 * @param hindered where something has failed again and again, or is in the way
 * @param waiting where all that is left waits for what others do
 * @param looking where a node still looks around: that takes as long as its pool and its peers do
 */
public record StandstillLimits(Duration hindered, Duration waiting, Duration looking) {
  private static final Duration LOOKING = Duration.ofMinutes(2);

  /** Of somebody who sees all nodes: where none does anything, waiting is in vain. */
  public static StandstillLimits ofAll(Duration patience) {
    return new StandstillLimits(patience, patience, LOOKING);
  }

  /** Of somebody who sees one node, and not what the others do for it. */
  public static StandstillLimits ofOne(Duration hindered, Duration waiting) {
    return new StandstillLimits(hindered, waiting, LOOKING);
  }

  /** How long nothing may move while the nodes stand as they do. */
  Duration as(Outlook outlook) {
    if (outlook.isLooking()) {
      return looking;
    }
    return outlook.isOnlyWaiting() ? waiting : hindered;
  }
}
