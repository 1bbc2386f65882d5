package io.flocker.core.volume.ownership;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipRecord;
import java.util.Optional;

/** How epochs compare, and how far one may be ahead: nothing else looks at that. Pure. */
public final class Epochs {
  /**
   * A node that has missed that many changes of owner is given its copy anew; who could name any
   * epoch could put a volume where its owner never gets.
   */
  public static final long MOST_AHEAD = 1_000;

  private Epochs() {}

  /**
   * Whether a volume can be at that epoch: what an older flockerd has recorded without a bound
   * counts for nothing.
   */
  public static boolean isPossible(long epoch) {
    return epoch >= 0 && epoch <= OwnershipRecord.MAX_EPOCH;
  }

  /** Whether {@code said} may follow upon what is {@code recorded}, one day or another. */
  public static boolean isWithinReach(long recorded, long said) {
    return isPossible(said) && (!isPossible(recorded) || said - recorded <= MOST_AHEAD);
  }

  /**
   * What is to be said against an epoch below one that was seen; nothing if it is none.
   *
   * @param highest the highest that this node knows of
   */
  public static Optional<FailureException> stale(VolumeId lineage, long highest, long said) {
    return isPossible(highest) && said < highest
        ? Optional.of(
            OwnershipFailure.STALE_EPOCH
                .because(
                    "volume " + lineage + " is at epoch " + highest + " already, not at " + said)
                .with("highestEpoch", highest))
        : Optional.empty();
  }

  /**
   * What is to be said against the epoch of a volume that was never heard of here, if it is one
   * that nobody is believed: whoever names it could name any, and leave no way above it.
   *
   * @param isShown whether what is signed leads there from an epoch that is believed
   */
  static Optional<FailureException> unheard(VolumeId lineage, long said, boolean isShown) {
    return isShown || isWithinReach(0, said)
        ? impossible(lineage, said)
        : Optional.of(
            OwnershipFailure.EPOCH_BEYOND_REACH.because(
                "volume "
                    + lineage
                    + " was never heard of here, and nobody is believed that it is at epoch "
                    + said
                    + ": it may be at "
                    + MOST_AHEAD
                    + ", or further where the grants that are shown lead there from such an epoch,"
                    + " or an operator has signed it"));
  }

  /** What is to be said against an epoch that no volume gets to, if it is none. */
  static Optional<FailureException> impossible(VolumeId lineage, long said) {
    return isPossible(said)
        ? Optional.empty()
        : Optional.of(
            OwnershipFailure.EPOCH_BEYOND_REACH.because(
                "no volume gets to epoch "
                    + said
                    + ", as is said of volume "
                    + lineage
                    + ": "
                    + OwnershipRecord.MAX_EPOCH
                    + " is the last"));
  }

  /** What is to be said against an epoch that is too far ahead of the recorded one, if it is. */
  static Optional<FailureException> beyond(VolumeId lineage, long recorded, long said) {
    return isWithinReach(recorded, said)
        ? Optional.empty()
        : Optional.of(
            OwnershipFailure.EPOCH_BEYOND_REACH.because(
                "volume "
                    + lineage
                    + " is at epoch "
                    + recorded
                    + " here, and no claim of epoch "
                    + said
                    + " is believed: it may be "
                    + MOST_AHEAD
                    + " ahead, and "
                    + OwnershipRecord.MAX_EPOCH
                    + " at most"));
  }
}
