package io.flocker.core.deploy.configuration;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.util.Optional;

/** How generations compare, and how far one may be ahead: nothing else looks at that. Pure. */
public final class Generations {
  /**
   * How far a wish may be ahead of the one before: who could name any generation could name the
   * last one, and nobody could tell that node anything any more.
   */
  public static final long MOST_AHEAD = 1_000;

  /**
   * The highest that is reached in one leap, by a node that was told nothing yet or by one whose
   * present wish the caller names: more than four thousand million wishes may follow it.
   */
  public static final long HIGHEST_LEAP = Configuration.MAX_GENERATION - (1L << 32);

  private Generations() {}

  /** Whether {@code said} may follow upon {@code present}, one day or another. */
  public static boolean isWithinReach(long present, long said) {
    return present == 0
        ? said <= HIGHEST_LEAP
        : said <= Configuration.MAX_GENERATION && said - present <= MOST_AHEAD;
  }

  /**
   * What is to be said against another wish of generation {@code said}, if anything is.
   *
   * @param namesPresent whether the caller has named the present configuration itself, and so knows
   *     how far he goes away from it
   */
  static Optional<FailureException> objection(long present, long said, boolean namesPresent) {
    if (said >= 1 && namesPresent && !isNear(present, said) && said <= HIGHEST_LEAP) {
      return Optional.empty();
    }
    if (said <= present) {
      return Optional.of(
          RequestFailure.STALE_GENERATION
              .because(
                  "generation %d is given, and generation %d is known here%s"
                      .formatted(said, present, isNear(present, said) ? "" : ": " + wayBack()))
              .with("generation", present));
    }
    return isWithinReach(present, said)
        ? Optional.empty()
        : Optional.of(
            RequestFailure.GENERATION_BEYOND_REACH
                .because(
                    "generation %d is given, and generation %d is known here: it may be %s"
                        .formatted(said, present, bound(present)))
                .with("generation", present));
  }

  private static boolean isNear(long present, long said) {
    return Math.abs(said - present) <= MOST_AHEAD;
  }

  private static String bound(long present) {
    return present == 0
        ? HIGHEST_LEAP + " at most"
        : MOST_AHEAD
            + " ahead, and "
            + Configuration.MAX_GENERATION
            + " at most; or else "
            + wayBack();
  }

  private static String wayBack() {
    return "a node leaves so distant a generation only where If-Match names the ETag of its present"
        + " configuration, for one of "
        + HIGHEST_LEAP
        + " at most";
  }
}
