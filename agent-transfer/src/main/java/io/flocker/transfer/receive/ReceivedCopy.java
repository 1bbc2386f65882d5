package io.flocker.transfer.receive;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.plan.SnapshotReference;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.Replicas;
import io.flocker.transfer.protocol.TransferResult;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The copy that an announced stream makes or brings up to date: what of it is kept, and what goes
 * again. Blocks on ZFS; one thread at a time, with the volume locked. {@link #snapshots} on any.
 */
final class ReceivedCopy {
  private final TransferPlan plan;
  private final ReceiveTarget target;
  private final Storage storage;
  private final Replicas replicas;
  private volatile List<Guid> snapshots = List.of();

  /** The copy at {@code target} that the stream of {@code plan} is for. */
  ReceivedCopy(TransferPlan plan, ReceiveTarget target, Storage storage, Replicas replicas) {
    this.plan = plan;
    this.target = target;
    this.storage = storage;
    this.replicas = replicas;
  }

  /** The newest snapshots of the copy, oldest first; none before the stream has ended. */
  List<Guid> snapshots() {
    return snapshots;
  }

  /** Takes out of the way what would keep the stream from being received. */
  void makeReady() throws FailureException {
    if (target.isCut()) {
      storage.abandonReceive(target.dataset());
    }
    if (!target.isFit()) {
      replicas.makeFit(target.dataset(), Map.of()); // The plan's properties wait for the proof.
    }
    for (Map.Entry<String, String> names : target.renamed().entrySet()) {
      storage.renameSnapshot(target.dataset(), names.getKey(), names.getValue());
    }
  }

  /**
   * Makes what has come this node's copy.
   *
   * @throws FailureException {@code WRONG_GUID} where it is not what was announced: it goes again
   */
  void takeOver() throws FailureException {
    Dataset copy =
        storage
            .dataset(target.dataset())
            .orElseThrow(() ->
                TransferFailure.WRONG_GUID.because(
                    target.dataset() + " is not there although zfs receive ended well"));
    snapshots = newest(copy);
    requireAnnounced(copy);
    settle(copy);
    tellOf(copy);
  }

  /**
   * Keeps what came whole of a stream that failed: those snapshots of an -I batch that were
   * complete, if the copy is its owner's already. A failed stream makes nobody the owner: where
   * another node claims the copy with it, what it brought goes again.
   */
  void settleAfterFailure() throws FailureException {
    Optional<Dataset> there = storage.afterFailedReceive(target.dataset(), target.latest());
    if (there.isEmpty() || there.get().snapshots().isEmpty()) {
      return;
    }
    Dataset copy = there.get();
    if (endsWithTheLast(copy)) {
      settle(copy); // Its end was held back until the proof agreed, so it is whole.
    } else if (!replicas.isRecorded(plan.claim(), copy)) {
      takeBack(copy);
      return;
    }
    snapshots = newest(copy);
    tellOf(copy);
  }

  /**
   * Drops the saved state of a stream that this ZFS cannot take, so that the next one begins anew:
   * resuming it would fail in the same way. OpenZFS saves the state all the same (openzfs#12480,
   * embedded data into an encrypted dataset).
   */
  void abandonSavedState() throws FailureException {
    if (storage.dataset(target.dataset()).flatMap(Dataset::resumeToken).isPresent()) {
      storage.abandonReceive(target.dataset());
    }
  }

  private boolean endsWithTheLast(Dataset copy) {
    return copy.latest().map(Snapshot::guid).equals(Optional.of(plan.last().guid()));
  }

  /** Undoes what the stream brought; with the volume locked nothing else can have come since. */
  private void takeBack(Dataset copy) throws FailureException {
    Optional<Snapshot> before = target.latest();
    if (before.isEmpty()) {
      storage.destroy(copy.name());
    } else if (!copy.latest().map(Snapshot::guid).equals(before.map(Snapshot::guid))) {
      storage.abandonReceive(copy.name());
      // By its guid: it may not have been renamed as it was to be.
      String name =
          copy.snapshot(before.get().guid()).map(Snapshot::name).orElse(before.get().name());
      storage.rollBack(copy.name(), name, true);
    }
  }

  private void requireAnnounced(Dataset copy) throws FailureException {
    Set<Guid> there = new HashSet<>(guids(copy));
    boolean isWhole =
        plan.snapshots().stream().map(SnapshotReference::guid).allMatch(there::contains);
    if (isWhole && endsWithTheLast(copy)) {
      return;
    }
    FailureException why =
        TransferFailure.WRONG_GUID.because(
            target.dataset()
                + " ends with "
                + copy.latest().map(Snapshot::guid).map(Guid::toString).orElse("nothing")
                + ", "
                + plan.last().guid()
                + " was announced");
    try {
      takeBack(copy);
    } catch (FailureException | RuntimeException e) {
      why.addSuppressed(e);
    }
    throw why;
  }

  /** Tells of the snapshots of the plan that are there, which may be fewer after a failure. */
  private void tellOf(Dataset copy) {
    Set<Guid> sent = new HashSet<>();
    plan.snapshots().forEach(snapshot -> sent.add(snapshot.guid()));
    replicas.received(
        plan.lineage(),
        copy.snapshots().stream().filter(snapshot -> sent.contains(snapshot.guid())).toList());
  }

  private void settle(Dataset copy) throws FailureException {
    replicas.makeFit(copy.name(), plan.properties());
    replicas.record(plan.claim(), copy);
  }

  private static List<Guid> guids(Dataset dataset) {
    return dataset.snapshots().stream().map(Snapshot::guid).toList();
  }

  private static List<Guid> newest(Dataset dataset) {
    List<Guid> all = guids(dataset);
    return List.copyOf(
        all.subList(Math.max(0, all.size() - TransferResult.MOST_SNAPSHOTS), all.size()));
  }
}
