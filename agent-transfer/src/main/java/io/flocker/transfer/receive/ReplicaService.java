package io.flocker.transfer.receive;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.replicate.policy.Handover;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.core.replicate.policy.ReplicationTerms;
import io.flocker.core.retention.Retention;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.Claim;
import io.flocker.core.volume.DatasetName;
import io.flocker.core.volume.DivergedCopies;
import io.flocker.core.volume.EpochMemory;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHead;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeName;
import io.flocker.transfer.protocol.PruneRequest;
import io.flocker.transfer.protocol.SetAsideAnswer;
import io.flocker.transfer.protocol.SetAsideRequest;
import io.flocker.transfer.protocol.VolumeView;
import io.flocker.transfer.push.SnapshotRetention;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What this node tells owners about its copies, and prunes of them. Blocking; any thread. */
public final class ReplicaService {
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final EpochMemory epochs;
  private final VolumeLocks locks;
  private final Arrivals arrivals;
  private final Supplier<ReceiverFloor> floor;
  private final Policies policies;
  private final NodeId self;
  private final DivergedCopies diverged;

  /** Knows which volumes are just coming in. */
  @FunctionalInterface
  public interface Arrivals {
    /** The transfer that is bringing a volume here. */
    Optional<UUID> of(VolumeId volume);
  }

  public ReplicaService(
      Storage storage,
      VolumeCatalog catalog,
      EpochMemory epochs,
      VolumeLocks locks,
      Arrivals arrivals,
      ReplicationTerms terms,
      NodeId self) {
    this.self = self;
    this.policies = terms.policies();
    this.storage = storage;
    this.catalog = catalog;
    this.epochs = epochs;
    this.locks = locks;
    this.arrivals = arrivals;
    this.floor = terms.floor();
    this.diverged = new DivergedCopies(storage.poolName(), catalog, InstantSource.system());
  }

  /**
   * What is here of a volume; one from before there were records is found by its name.
   *
   * @param name the volume's name, if the caller said it
   * @param owner the owner's uuid, if the caller said it
   */
  public VolumeView view(VolumeId id, Optional<String> name, Optional<String> owner)
      throws FailureException {
    Optional<Volume> here = find(id, name, owner);
    long epoch = here.map(Volume::epoch).orElse(0L);
    return new VolumeView(
        here.isPresent(),
        here.map(Volume::role),
        here.map(Volume::owner),
        epoch,
        Math.max(epoch, epochs.highest(id)),
        here.map(Volume::dataset).map(Dataset::guid),
        here.map(Volume::dataset).map(Dataset::snapshots).orElse(List.of()),
        here.map(Volume::dataset).flatMap(Dataset::resumeToken),
        storage.capabilities(),
        storage.freeBytes(),
        arrivals.of(id));
  }

  /**
   * Destroys what flockerd took and the owner does not keep, nor wish to be kept; never the newest
   * snapshot, nor what this node keeps by its own floor.
   *
   * @return names of the snapshots that are gone
   */
  public List<String> prune(NodeId caller, VolumeId id, PruneRequest request)
      throws FailureException {
    Claim.requireOwn(caller, request.owner(), id);
    NodeId owner = request.owner();
    long epoch = request.epoch();
    List<VolumeHead> here = catalog.known(id);
    Optional<VolumeHead> theirs =
        here.stream().filter(copy -> isOf(owner, epoch, copy)).findFirst();
    if (request.isNews()) { // Of hundreds of volumes at once: ZFS is asked for nothing.
      VolumeHead copy = theirs.orElseThrow(() -> noCopyOf(owner, epoch, id, here));
      request.replication().ifPresent(told -> hear(copy, told));
      return List.of();
    }
    if (theirs.isEmpty()) { // Before the lock: who has no say shall lock nobody out.
      requireOf(owner, epoch, catalog.require(id));
    }
    try (VolumeLocks.Lease _ = locks.ownBriefly(id, "prune")) {
      Volume volume = catalog.require(id);
      requireOf(owner, epoch, volume);
      request.replication().ifPresent(told -> hear(VolumeHead.of(volume), told));
      ReceiverFloor.Terms terms = floor.get().of(caller);
      if (terms.isAppendOnly()) {
        return List.of();
      }
      List<RetentionRules> rules =
          Stream.concat(Stream.of(terms.keep()), request.rules().stream()).toList();
      Set<Guid> kept = new HashSet<>(request.keep());
      List<Snapshot> expendable =
          Retention.expendable(volume.dataset().snapshots(), Map.of(caller, kept), rules).stream()
              .filter(snapshot -> !kept.contains(snapshot.guid()))
              .toList();
      return SnapshotRetention.destroy(catalog, volume, expendable);
    }
  }

  /** Keeps the policy that the owner tells, to go on with should the owner be gone one day. */
  private void hear(VolumeHead copy, Handover told) {
    try {
      boolean _ = told.takeUp(policies, copy.id(), copy.name(), copy.owner(), self);
    } catch (FailureException e) {
      Action.traceback(e); // The owner tells it again with its next stream.
    }
  }

  /**
   * Keeps a copy, which has changed by itself, under another name, where this node allows that to
   * its owner: it is sent a new one then. Nothing is destroyed.
   *
   * @return what it is called from then on
   * @throws FailureException {@code SET_ASIDE_REFUSED}, {@code NEW_VOLUME_REFUSED}, {@code
   *     DIVERGED} where the copy is not what its owner has seen, or {@code RECEIVE_IN_PROGRESS}
   */
  public SetAsideAnswer setAside(NodeId caller, VolumeId id, SetAsideRequest request)
      throws FailureException {
    Claim.requireOwn(caller, request.owner(), id);
    requireOf(request.owner(), request.epoch(), catalog.require(id));
    try (VolumeLocks.Lease _ = locks.own(id, "set aside")) {
      Volume copy = catalog.require(id);
      requireOf(request.owner(), request.epoch(), copy);
      if (arrivals.of(id).isPresent()) {
        throw TransferFailure.RECEIVE_IN_PROGRESS.because(
            "transfer " + arrivals.of(id).get() + " is bringing " + copy.name() + " here");
      }
      if (!copy.dataset().latest().map(Snapshot::guid).equals(request.latest())) {
        throw TransferFailure.DIVERGED.because(
            "the copy of " + copy.name() + " has another latest snapshot than its owner has seen");
      }
      // What it was set aside for has to be taken, too.
      floor.get().requireTakesNew(caller, copy.name());
      floor.get().requireSetsAside(caller, copy.name(), diverged.count(caller, copy.name()));
      Volume aside = diverged.setAside(copy);
      return new SetAsideAnswer(aside.id(), aside.name());
    }
  }

  private static boolean isOf(NodeId owner, long epoch, VolumeHead copy) {
    return copy.role() == Role.REPLICA && copy.owner().equals(owner) && copy.epoch() == epoch;
  }

  private static FailureException noCopyOf(
      NodeId owner, long epoch, VolumeId id, List<VolumeHead> here) {
    return here.isEmpty()
        ? OwnershipFailure.VOLUME_NOT_FOUND.because("no volume " + id + " is known here")
        : OwnershipFailure.NOT_OWNER.because(
            "what is here of volume %s is no copy of node %s's, epoch %d"
                .formatted(id, owner, epoch));
  }

  private static void requireOf(NodeId owner, long epoch, Volume volume) throws FailureException {
    if (!isOf(owner, epoch, volume.head())) {
      throw OwnershipFailure.NOT_OWNER
          .because(volume.name() + " belongs to node " + volume.owner() + " here")
          .with("owner", volume.owner());
    }
  }

  private Optional<Volume> find(VolumeId id, Optional<String> name, Optional<String> owner)
      throws FailureException {
    Optional<Volume> known = catalog.find(id);
    if (known.isPresent() || name.isEmpty() || owner.isEmpty()) {
      return known;
    }
    DatasetName dataset = datasetName(name.get(), owner.get());
    return catalog
        .at(dataset.in(storage.poolName()))
        .filter(volume -> volume.dataset().record().isEmpty());
  }

  private static DatasetName datasetName(String name, String owner) throws FailureException {
    try {
      return new DatasetName(NodeId.parse(owner), VolumeName.parse(name));
    } catch (IllegalArgumentException e) {
      throw RequestFailure.MALFORMED_REQUEST.because(String.valueOf(e.getMessage()));
    }
  }
}
