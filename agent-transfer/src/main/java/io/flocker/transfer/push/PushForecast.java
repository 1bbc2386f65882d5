package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.plan.ReplicationPlan;
import io.flocker.core.plan.Step;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.Volume;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a push would do: with the snapshots that are there, and the one that it would take. */
public final class PushForecast {
  private final Volume volume;
  private final Storage storage;
  private final ReplicationPlan plan;
  private final Optional<Snapshot> coming;

  PushForecast(Volume volume, Storage storage, ReplicationPlan plan, Optional<Snapshot> coming) {
    this.volume = volume;
    this.storage = storage;
    this.plan = plan;
    this.coming = coming;
  }

  /** A snapshot that is not taken yet: newer than all that are, and no peer can have it. */
  static Snapshot coming(String name) {
    return new Snapshot(name, Guid.NONE, Long.MAX_VALUE, Instant.now());
  }

  /** The plan; what would be taken stands in it as if it was there. */
  public ReplicationPlan plan() {
    return plan;
  }

  /** Whether a snapshot is taken first. */
  public boolean takesSnapshot() {
    return coming.isPresent();
  }

  /** Whether {@code snapshot} is the one that would be taken. */
  public boolean isComing(Snapshot snapshot) {
    return coming.filter(snapshot::equals).isPresent();
  }

  /**
   * How long the stream of a planned step would be. Of what no snapshot holds yet only the whole is
   * known: what the volume refers to.
   */
  public OptionalLong estimate(Step step) throws FailureException {
    if (!isComing(step.to())) {
      return storage.estimate(step.request(volume.dataset().name()));
    }
    return switch (step) {
      case Step.Full _ -> OptionalLong.of(volume.dataset().referencedBytes());
      case Step.Increment increment -> storage.written(volume.dataset().name(), base(increment));
      case Step.Resume _ -> OptionalLong.empty();
    };
  }

  private static String base(Step.Increment increment) {
    return increment.base().reference();
  }

  /** Those of {@code planned} that are there already. */
  public List<Snapshot> present(List<Snapshot> planned) {
    return planned.stream().filter(snapshot -> !isComing(snapshot)).toList();
  }
}
