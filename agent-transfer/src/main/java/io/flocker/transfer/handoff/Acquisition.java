package io.flocker.transfer.handoff;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantChain.Tenure;
import io.flocker.core.grant.GrantChain.UnprovenException;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.replicate.policy.Handover;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.core.replicate.policy.ReplicationTerms;
import io.flocker.core.state.StateDisk;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.storage.VolumeProperties;
import io.flocker.core.stream.ChainFlags;
import io.flocker.core.volume.AllOrNothing;
import io.flocker.core.volume.Claim;
import io.flocker.core.volume.Clearance;
import io.flocker.core.volume.Confirmations;
import io.flocker.core.volume.LocalNode;
import io.flocker.core.volume.MountFolder;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Replicas;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHead;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeMounter;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.VolumeRegister;
import io.flocker.core.volume.Volumes;
import io.flocker.core.volume.ownership.OwnershipEvent;
import io.flocker.transfer.protocol.AcquireAnswer;
import io.flocker.transfer.protocol.AcquireRequest;
import io.flocker.transfer.protocol.PrepareRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The receiving side of a handoff. Blocking; any thread may call. */
public final class Acquisition {
  private final NodeId self;
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final Volumes volumes;
  private final Replicas replicas;
  private final VolumeLocks locks;
  private final LocalNode home;
  private final PeerCursors cursors;
  private final VolumeRegister register;
  private final StateDisk disk;
  private final Policies policies;
  private final Supplier<ReceiverFloor> floor;
  private final GrantKeeper grants;
  private final VolumeMounter mounter;
  private final Confirmations confirmations;
  private final Clearance clearance;

  /** Acquires volumes for {@code node}. */
  public Acquisition(NodeVolumes node, ReplicationTerms terms) {
    this.policies = terms.policies();
    this.floor = terms.floor();
    this.self = node.self();
    this.storage = node.storage();
    this.catalog = node.catalog();
    this.volumes = node.volumes();
    this.replicas = node.replicas();
    this.locks = node.locks();
    this.home = node.home();
    this.cursors = node.memory().cursors();
    this.register = node.memory().register();
    this.disk = node.memory().disk();
    this.grants = node.memory().grants();
    this.mounter = node.mounter();
    this.confirmations = node.confirmations();
    this.clearance = node.clearance();
  }

  /**
   * Says whether this node could own the volume; changes nothing.
   *
   * @throws FailureException what stands in the way; {@code STATE_UNAVAILABLE} where this node
   *     could not write down what it takes, {@code MOUNTPOINT_UNUSABLE} where it has no room for a
   *     folder to mount on, {@code KEY_UNAVAILABLE} where it cannot read its copy
   */
  public void prepare(NodeId caller, VolumeId id, PrepareRequest request) throws FailureException {
    Claim.requireOwn(caller, request.owner(), id);
    Optional<Dataset> copy =
        replicas
            .admit(
                new Claim(
                    id,
                    request.name(),
                    request.owner(),
                    request.epoch(),
                    request.operation(),
                    request.grants().map(GrantDocument::chain).orElse(GrantChain.EMPTY)))
            .present();
    requireReadable(copy);
    disk.requireWritable();
    requireNameFree(id, request.name());
    MountFolder.requireFree(self, home.mountpoint(request.name()));
    MountFolder.requireMakeable(self, home.mountpoint(request.name()));
    if (copy.isEmpty()) {
      floor.get().requireTakesNew(caller, request.name());
      storage.pool().requireFree(request.usedBytes(), request.name().toString());
    }
  }

  /** Nobody could use the volume here while the key of an encrypted copy is not loaded. */
  private void requireReadable(Optional<Dataset> copy) throws FailureException {
    if (copy.isPresent() && storage.isLocked(copy.get().name())) {
      throw StorageFailure.KEY_UNAVAILABLE.because(
          "node %s has not loaded the key of its copy, which is encrypted: zfs load-key %s"
              .formatted(self, copy.get().name()));
    }
  }

  /**
   * Takes a volume that was released to this node: its record first, then its name, then its mount.
   * A repeat of the same grant finishes what the first one began.
   *
   * @throws FailureException {@code NOT_RELEASED}, {@code STALE_EPOCH}, or what keeps it from being
   *     mounted: it is owned by this node all the same then
   */
  public AcquireAnswer acquire(NodeId caller, VolumeId id, AcquireRequest request)
      throws FailureException {
    Claim.requireOwn(caller, request.releasedBy(), id);
    if (!request.owner().equals(self)) {
      throw OwnershipFailure.NOT_RELEASED.because(
          "volume " + id + " was released to node " + request.owner() + ", this is " + self);
    }
    if (!mayBeGranted(id, request)) { // Before the lock: who has no say shall lock nobody out.
      Volume volume = catalog.require(id);
      boolean _ = catalog.records().wouldChange(volume.dataset(), grant(volume, request));
    }
    try (VolumeLocks.Lease _ = locks.own(id, "acquire " + request.operation())) {
      Volume volume = catalog.require(id);
      OwnershipEvent grant = grant(volume, request);
      if (catalog.records().wouldChange(volume.dataset(), grant)) {
        GrantChain signed = signed(volume, request);
        // First, and only then: a late repeat must not undo what later pushes have moved.
        var _ =
            AllOrNothing.make(change -> {
              inherit(id, request, change);
              follow(volume.dataset(), request, change);
              grants.remember(id, new Tenure(self, request.epoch()), signed);
              learnPast(id, request);
              return catalog.records().apply(volume.dataset(), grant);
            });
      } else {
        var _ = catalog.requireOwned(id);
      }
      volumes.repairOwnName(volume, request.name());
      requireNameFree(id, request.name());
      Path mountpoint = home.mountpoint(request.name());
      // A grant may be older than its giver's disk.
      Optional<String> objection = clearance.acquired(id, request.releasedBy());
      Volume acquired = catalog.requireOwned(id);
      if (objection.isPresent()) {
        mounter.want(id, objection.get());
      } else {
        catalog.records().mountWritable(id, acquired.dataset().name(), mountpoint);
      }
      return new AcquireAnswer(self, request.epoch(), mountpoint.toString());
    }
  }

  /** Whether the volume is the caller's to give, or was given already, by what is known of it. */
  private boolean mayBeGranted(VolumeId id, AcquireRequest request) throws FailureException {
    return catalog.known(id).stream()
        .anyMatch(head ->
            head.owner().equals(request.releasedBy())
                || head.operation().equals(Optional.of(request.operation())));
  }

  /**
   * The grants of the owner that was. One that shows none is believed, since it is the caller
   * itself; but no other node will be able to verify that it gave the volume away.
   *
   * @throws FailureException {@code NOT_GRANTED} where what it signed is something else
   */
  private GrantChain signed(Volume volume, AcquireRequest request) throws FailureException {
    if (request.grants().isEmpty()) {
      Action.message(
          MessageType.GRANT_UNSIGNED,
          Map.of(
              "volume", volume.id().toString(),
              "peer", request.releasedBy().toString(),
              "epoch", request.epoch()));
      return GrantChain.EMPTY;
    }
    GrantChain shown = request.grants().get().chain();
    Tenure known = new Tenure(request.releasedBy(), request.epoch() - 1);
    try {
      GrantChain last = grants.prove(volume.id(), known, new Tenure(self, request.epoch()), shown);
      Grant grant = last.grants().getLast().grant();
      if (grant.operation().equals(request.operation())
          && grant.finalSnapshot().equals(request.finalSnapshot())) {
        return last;
      }
    } catch (UnprovenException e) {
      throw OwnershipFailure.NOT_GRANTED.because(String.valueOf(e.getMessage())).causedBy(e);
    }
    throw OwnershipFailure.NOT_GRANTED.because(
        "what node "
            + request.releasedBy()
            + " signed is of another handoff than "
            + request.operation());
  }

  /** Takes what the owner that was knew of the volume. */
  private void inherit(VolumeId id, AcquireRequest request, AllOrNothing change)
      throws FailureException {
    PeerCursors.Known before = cursors.known(id);
    change.onFailure(() -> cursors.put(id, before));
    cursors.put(id, new PeerCursors.Known(cursors(request), Map.of(), chains(request)));
    try {
      Map<String, String> written = register.metadata(id);
      if (request.metadata().isPresent()) {
        change.onFailure(() -> register.describe(id, written));
        register.describe(id, request.metadata().get());
      }
    } catch (FailureException e) {
      Action.traceback(e); // The volume does not wait for what is written about it.
    }
    if (request.replication().isPresent()) {
      takeUp(id, request, request.replication().get(), change);
    }
    try { // Nor for this, which is true even if the acquisition is undone.
      confirmations.inherit(id, request.confirmed().orElse(Map.of()));
    } catch (FailureException e) {
      Action.traceback(e);
    }
  }

  /** Keeps the earlier grants, too; the handoff does not depend on them. */
  private void learnPast(VolumeId id, AcquireRequest request) {
    List<SignedGrant> shown = new ArrayList<>();
    for (Optional<GrantDocument> told : List.of(request.creation(), request.grants())) {
      told.ifPresent(document -> shown.addAll(document.chain().grants()));
    }
    try {
      grants.learnPast(id, new Tenure(self, request.epoch()), new GrantChain(shown));
    } catch (FailureException e) {
      Action.traceback(e);
    }
  }

  /** Takes over the policy that says who holds copies. */
  private void takeUp(VolumeId id, AcquireRequest request, Handover told, AllOrNothing change)
      throws FailureException {
    Optional<OwnPolicy> before = policies.own(id);
    change.onFailure(() -> policies.set(id, before));
    if (!told.takeUp(policies, id, request.name(), request.releasedBy(), self)) {
      Action.message(
          MessageType.POLICY_LEFT,
          Map.of("volume", id.toString(), "peer", request.releasedBy().toString()));
    }
  }

  /** Sets the dataset as the volume is set; it comes into force with the mount. */
  private void follow(Dataset dataset, AcquireRequest request, AllOrNothing change)
      throws FailureException {
    Map<String, String> before = VolumeProperties.of(dataset);
    change.onFailure(() -> storage.seal(dataset.name(), before));
    storage.seal(dataset.name(), request.properties().orElse(Map.of()));
  }

  private void requireNameFree(VolumeId id, VolumeName name) throws FailureException {
    // All of them: while its name is not repaired yet, the volume itself is one that bears it.
    Optional<VolumeHead> namesake =
        catalog.known().stream()
            .filter(volume -> volume.name().equals(name) && volume.role() == Role.OWNER)
            .filter(volume -> !volume.id().equals(id))
            .findAny();
    if (namesake.isPresent()) {
      throw OwnershipFailure.VOLUME_EXISTS.because(
          "this node owns another volume named " + name + ": " + namesake.get().id());
    }
  }

  private static OwnershipEvent grant(Volume volume, AcquireRequest request) {
    return new OwnershipEvent.Acquired(
        request.releasedBy(),
        request.epoch(),
        request.operation(),
        request.finalSnapshot(),
        volume.dataset().latest().map(Snapshot::guid),
        volume.role() == Role.CONTESTED);
  }

  private static Map<NodeId, Guid> cursors(AcquireRequest request) {
    Map<NodeId, Guid> known = new HashMap<>(request.cursors());
    known.put(request.releasedBy(), request.finalSnapshot());
    return known;
  }

  /** The copy that was made here becomes the base of those that go back. */
  private static Map<NodeId, ChainFlags> chains(AcquireRequest request) {
    Map<NodeId, ChainFlags> known = new HashMap<>(request.chains().orElse(Map.of()));
    ChainFlags ours = known.remove(request.owner());
    if (ours != null) {
      known.put(request.releasedBy(), ours);
    }
    return known;
  }
}
