package io.flocker.transfer.receive;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.StreamKind;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.Claim;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.ReplicaTarget;
import io.flocker.core.volume.Replicas;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Judges an announced transfer against what is here, before any byte flows. Blocking; the caller
 * holds the volume's exclusive lock.
 */
final class TransferJudge {
  private final NodeId self;
  private final Storage storage;
  private final Replicas replicas;
  private final VolumeCatalog catalog;
  private final GrantKeeper grants;
  private final Supplier<ReceiverFloor> floor;

  TransferJudge(NodeVolumes node, Supplier<ReceiverFloor> floor) {
    this.self = node.self();
    this.storage = node.storage();
    this.replicas = node.replicas();
    this.catalog = node.catalog();
    this.grants = node.memory().grants();
    this.floor = floor;
  }

  /** Finds out where the stream will land; changes nothing. */
  ReceiveTarget judge(NodeId caller, TransferPlan plan) throws FailureException {
    plan.requireUnderstood();
    Claim.requireOwn(caller, plan.owner(), plan.lineage());
    ReplicaTarget target = replicas.admit(plan.claim());
    requireFlags(plan.flags());
    if (target.present().isEmpty()) {
      floor.get().requireTakesNew(caller, plan.name());
    }
    requireSpace(plan);
    requireShare(caller, plan);
    ReceiveTarget landing = landing(plan, target);
    if (target.present().isEmpty()) {
      return landing;
    }
    // Without a snapshot there is only what a first stream left: it goes, or has that stream's key.
    Optional<String> refusal =
        plan.flags().raw() && landing.latest().isPresent()
            ? rawRefusal(plan.lineage(), target.dataset())
            : Optional.empty();
    return refusal
        .map(landing::refusingRaw)
        .orElse(landing)
        .bringing(plan.snapshots(), target.present().get());
  }

  private ReceiveTarget landing(TransferPlan plan, ReplicaTarget target) throws FailureException {
    String dataset = target.dataset();
    Optional<Dataset> copy = target.present();
    if (plan.kind() == StreamKind.RESUME) {
      return resumed(plan, dataset, copy);
    }
    boolean isCut = copy.flatMap(Dataset::resumeToken).isPresent();
    if (isCut && copy.get().snapshots().isEmpty()) {
      copy = Optional.empty(); // It goes with the rest of what was cut.
    }
    ReceiveTarget landing =
        plan.from().isPresent() ? increment(plan.from().get(), dataset, copy) : full(dataset, copy);
    return isCut ? landing.afterCut() : landing;
  }

  /** Where a full stream lands: only where nothing is. */
  static ReceiveTarget full(String dataset, Optional<Dataset> copy) throws FailureException {
    if (copy.isPresent()) {
      throw TransferFailure.DESTINATION_EXISTS.because(
          dataset + " exists with " + copy.get().snapshots().size() + " snapshots");
    }
    return ReceiveTarget.first(dataset);
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
    return ReceiveTarget.upon(copy.orElseThrow());
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
    return copy.filter(cut -> !cut.snapshots().isEmpty())
        .map(ReceiveTarget::upon)
        .orElseGet(() -> ReceiveTarget.first(dataset));
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

  /**
   * Encrypted blocks come with the owner's key, wrapped, and ZFS takes it for one that the key
   * above opens where that has been made the copy's: nobody can read the copy again
   * (openzfs#12614). A copy of what is not encrypted has the key above as well, and takes all that
   * comes; so does one that this node has owned itself, which left it with that key.
   */
  private Optional<String> rawRefusal(VolumeId lineage, String dataset) throws FailureException {
    Optional<String> root = storage.encryptionRoot(dataset).filter(key -> !key.equals(dataset));
    return root.isEmpty() || hasOwned(lineage)
        ? Optional.empty()
        : Optional.of(
            "the key of %1$s was changed to that of %2$s here, and a raw stream would make it unreadable: give it one of its own (zfs change-key -o keylocation=prompt -o keyformat=passphrase %1$s), which the next stream replaces by its owner's"
                .formatted(dataset, root.get()));
  }

  private boolean hasOwned(VolumeId lineage) throws FailureException {
    return grants.all(lineage).grants().stream()
        .map(SignedGrant::grant)
        .anyMatch(grant -> grant.from().equals(self) || grant.to().equals(self));
  }

  private static void requireFeature(
      boolean isNeeded, String feature, Capabilities capabilities, List<String> missing) {
    if (isNeeded && !capabilities.poolFeatures().contains(feature)) {
      missing.add(feature);
    }
  }

  /** Asks ZFS about the whole pool only where there is a limit. */
  private void requireShare(NodeId caller, TransferPlan plan) throws FailureException {
    if (floor.get().of(caller).space().isPresent()) {
      long taken =
          catalog.list().stream()
              .filter(copy -> copy.role() == Role.REPLICA || copy.isSetAside())
              .filter(copy -> copy.owner().equals(caller))
              .mapToLong(copy -> copy.dataset().usedBytes())
              .sum();
      floor.get().requireShare(caller, taken, plan.estimateBytes().orElse(0));
    }
  }

  private void requireSpace(TransferPlan plan) throws FailureException {
    if (plan.estimateBytes().isPresent()) {
      storage.pool().requireFree(plan.estimateBytes().getAsLong(), "the stream");
    }
  }
}
