package io.flocker.transfer.receive;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.plan.StreamKind;
import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.ReplicaTarget;
import io.flocker.core.volume.Replicas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges an announced transfer against what is here, before any byte flows. Blocking; the caller
 * holds the volume's exclusive lock.
 */
final class TransferJudge {
  private final Storage storage;
  private final Replicas replicas;

  TransferJudge(Storage storage, Replicas replicas) {
    this.storage = storage;
    this.replicas = replicas;
  }

  /**
   * Finds out where the stream will land; drops what a cut receive left, unless this resumes it.
   */
  ReceiveTarget judge(NodeId caller, TransferPlan plan) throws FailureException {
    plan.requireUnderstood();
    if (!caller.equals(plan.owner())) {
      throw RequestFailure.FORBIDDEN.because(
          "node " + caller + " announces a stream of a volume that node " + plan.owner() + " owns");
    }
    ReplicaTarget target = replicas.admit(plan.claim());
    requireFlags(plan.flags());
    requireSpace(plan);
    String dataset = target.dataset();
    Optional<Dataset> copy = target.present();
    if (plan.kind() == StreamKind.RESUME) {
      return resumed(plan, dataset, copy);
    }
    if (copy.flatMap(Dataset::resumeToken).isPresent()) {
      storage.abandonReceive(dataset);
      copy = storage.dataset(dataset);
    }
    return plan.from().isPresent()
        ? increment(plan.from().get(), dataset, copy)
        : full(dataset, copy);
  }

  /** Where a full stream lands: only where nothing is. */
  static ReceiveTarget full(String dataset, Optional<Dataset> copy) throws FailureException {
    if (copy.isPresent()) {
      throw TransferFailure.DESTINATION_EXISTS.because(
          dataset + " exists with " + copy.get().snapshots().size() + " snapshots");
    }
    return new ReceiveTarget(dataset, true);
  }

  /** Where an increment lands: only on what it builds on. */
  static ReceiveTarget increment(Guid from, String dataset, Optional<Dataset> copy)
      throws FailureException {
    Optional<Snapshot> base = copy.flatMap(existing -> existing.snapshot(from));
    if (base.isEmpty()) {
      throw TransferFailure.BASE_MISSING.because(dataset + " does not hold snapshot " + from);
    }
    Optional<Snapshot> latest = copy.flatMap(Dataset::latest);
    if (!latest.equals(base)) {
      throw TransferFailure.DIVERGED.because(
          dataset
              + " has "
              + latest.map(Snapshot::name).orElse("nothing")
              + " as its latest snapshot, the stream builds on "
              + base.get().name());
    }
    return new ReceiveTarget(dataset, false);
  }

  private ReceiveTarget resumed(TransferPlan plan, String dataset, Optional<Dataset> copy)
      throws FailureException {
    Optional<String> token = copy.flatMap(Dataset::resumeToken);
    if (token.isEmpty()) {
      throw StorageFailure.RESUME_IMPOSSIBLE.because(dataset + " has nothing to resume");
    }
    Guid saved = storage.decodeResumeToken(token.get()).to();
    if (!saved.equals(plan.last().guid())) {
      throw StorageFailure.RESUME_IMPOSSIBLE.because(
          dataset + " waits for the rest of " + saved + ", not of " + plan.last().guid());
    }
    boolean isNew = copy.map(Dataset::snapshots).map(List::isEmpty).orElse(true);
    return new ReceiveTarget(dataset, isNew);
  }

  private void requireFlags(SendFlags flags) throws FailureException {
    Capabilities capabilities = storage.capabilities();
    List<String> missing = new ArrayList<>();
    requireFeature(flags.largeBlocks(), "large_blocks", capabilities, missing);
    requireFeature(flags.embedded(), "embedded_data", capabilities, missing);
    requireFeature(flags.raw(), "encryption", capabilities, missing);
    if (!missing.isEmpty()) {
      throw StorageFailure.POOL_FEATURE_MISSING.because(
          "the receiver's pool lacks " + String.join(", ", missing));
    }
  }

  private static void requireFeature(
      boolean isNeeded, String feature, Capabilities capabilities, List<String> missing) {
    if (isNeeded && !capabilities.poolFeatures().contains(feature)) {
      missing.add(feature);
    }
  }

  private void requireSpace(TransferPlan plan) throws FailureException {
    if (plan.estimateBytes().isPresent()) {
      storage.pool().requireFree(plan.estimateBytes().getAsLong(), "the stream");
    }
  }
}
