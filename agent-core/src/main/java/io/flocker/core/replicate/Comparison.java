package io.flocker.core.replicate;

import io.flocker.core.failure.FailureException;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.retry.Pauses;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * When a copy is next compared with what its owner has, and why the last try failed. Under the
 * monitor of the {@link TrackedCopies}.
 *
 * <p>What came of a comparison is kept with the copy; that one has failed is not: after its start a
 * daemon tries again.
 */
final class Comparison {
  private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private Optional<ReplicationRun> run = Optional.empty();
  private Consumer<Verified> finding = _ -> {};
  private long newest;
  private boolean isOfLostCopy;
  private int failures;
  private Optional<Map<String, Object>> problem = Optional.empty();
  private Optional<Instant> retry = Optional.empty();

  /** What is under way. */
  Optional<ReplicationRun> run() {
    return run;
  }

  /** When it is to begin; empty while it is under way, or nobody wants it. */
  Optional<Instant> due(Policy policy, CopyRecord record) {
    if (run.isPresent() || policy.verify().isEmpty() || record.last().isEmpty()) {
      return Optional.empty();
    }
    return retry
        .or(() -> record.verified().map(last -> last.at().plus(policy.verify().get())))
        .or(() -> record.last().map(Arrival::proven));
  }

  /**
   * It has begun.
   *
   * @param found is told what comes of it
   */
  void begun(ReplicationRun next, Consumer<Verified> found) {
    run = Optional.of(next);
    finding = found;
    isOfLostCopy = false;
  }

  /** What is to be told what comes of the one that is under way. */
  Consumer<Verified> finding() {
    return finding;
  }

  /** Whether what a comparison finds counts: none that began later has found anything. */
  boolean isNewest(long number) {
    boolean isNewest = number >= newest;
    newest = Math.max(newest, number);
    return isNewest;
  }

  /** It is over, well or not; whether it was under way. */
  boolean left(ReplicationRun ended) {
    boolean isThat = run.equals(Optional.of(ended));
    if (isThat) {
      run = Optional.empty();
    }
    return isThat;
  }

  /**
   * The copy is gone, and with it what comes of comparisons that have begun.
   *
   * @param number of the last one of these, or greater
   */
  void lost(long number) {
    boolean _ = isNewest(number);
    isOfLostCopy = true;
    succeeded();
  }

  /** What has failed before counts no more. */
  void succeeded() {
    failures = 0;
    problem = Optional.empty();
    retry = Optional.empty();
  }

  void failed(FailureException why, Instant now) {
    if (isOfLostCopy) {
      return;
    }
    failures++;
    problem = Optional.of(why.document());
    retry = Optional.of(now.plus(Pauses.after(failures, FIRST_PAUSE, LONGEST_PAUSE)));
  }

  /** What has failed may go well now. */
  void tryAgain(Instant now) {
    retry = retry.map(_ -> now);
  }

  /** How it stands; empty where nobody ever wanted it. */
  Optional<CopyStatus.Verification> status(Policy policy, CopyRecord record) {
    if (policy.verify().isEmpty() && record.verified().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new CopyStatus.Verification(
            record.verified(),
            run.map(underWay -> underWay.watch().since()),
            due(policy, record),
            problem));
  }
}
