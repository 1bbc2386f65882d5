package io.flocker.zfs.failure;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.storage.Dataset;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import java.util.Optional;

/**
 * Says why a send or receive child failed. Its words make a suspicion, what is there now confirms
 * or drops it. Any thread may call; use a virtual one.
 */
public final class Explainer {
  /** Looks at one dataset; empty when there is none of that name. */
  @FunctionalInterface
  public interface Look {
    /** The dataset as it is now. */
    Optional<Dataset> at(String dataset) throws FailureException;
  }

  private final Look look;

  /** An explainer that looks at datasets through {@code look}. */
  public Explainer(Look look) {
    this.look = look;
  }

  /**
   * Why {@code child} failed.
   *
   * @param dataset what it was to receive into or to send from
   */
  public FailureException explain(String dataset, Child child, int exitCode) {
    boolean isReceive = child.direction() == Child.Direction.RECEIVING;
    String words = child.stderrTail().strip();
    Failure otherwise = isReceive ? TransferFailure.RECEIVER_FAILED : TransferFailure.SENDER_FAILED;
    Failure suspicion = Wording.meaning(words).orElse(otherwise);
    Failure verdict = isReceive && !agrees(suspicion, dataset) ? otherwise : suspicion;
    if (verdict == StorageFailure.DATASET_NOT_FOUND && isPoolAway(dataset)) {
      verdict = StorageFailure.POOL_UNAVAILABLE;
    }
    return verdict
        .because(
            "%s %s failed (%s)%s"
                .formatted(
                    isReceive ? "receiving into" : "sending",
                    dataset,
                    new Exit(exitCode),
                    words.isEmpty() ? "" : ": " + Wording.summary(words)))
        .with("exit", exitCode)
        .with("stderr", words);
  }

  private boolean isPoolAway(String dataset) {
    try {
      var _ = look.at(dataset);
      return false;
    } catch (FailureException e) {
      return e.failure() == StorageFailure.POOL_UNAVAILABLE;
    }
  }

  private boolean agrees(Failure suspicion, String dataset) {
    if (!(suspicion instanceof TransferFailure failure)) {
      return true;
    }
    try {
      Optional<Dataset> now = look.at(dataset);
      return switch (failure) {
        case DESTINATION_EXISTS, DESTINATION_MODIFIED, RECEIVE_IN_PROGRESS -> now.isPresent();
        default -> true;
      };
    } catch (FailureException _) {
      // ZFS does not answer now: the words are all there is.
      return true;
    }
  }
}
