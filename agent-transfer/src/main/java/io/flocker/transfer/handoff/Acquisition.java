package io.flocker.transfer.handoff;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.Claim;
import io.flocker.core.volume.LocalNode;
import io.flocker.core.volume.Replicas;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.VolumeRegister;
import io.flocker.core.volume.Volumes;
import io.flocker.transfer.protocol.AcquireAnswer;
import io.flocker.transfer.protocol.AcquireRequest;
import io.flocker.transfer.protocol.PrepareRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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

  public Acquisition(
      Storage storage,
      VolumeCatalog catalog,
      Volumes volumes,
      Replicas replicas,
      VolumeLocks locks,
      LocalNode home,
      PeerCursors cursors,
      VolumeRegister register) {
    this.self = home.node();
    this.storage = storage;
    this.catalog = catalog;
    this.volumes = volumes;
    this.replicas = replicas;
    this.locks = locks;
    this.home = home;
    this.cursors = cursors;
    this.register = register;
  }

  /**
   * Says whether this node could own the volume; changes nothing.
   *
   * @throws FailureException what stands in the way
   */
  public void prepare(NodeId caller, VolumeId id, PrepareRequest request) throws FailureException {
    requireCaller(caller, request.owner());
    boolean isCopied =
        replicas
            .admit(
                new Claim(
                    id, request.name(), request.owner(), request.epoch(), request.operation()))
            .present()
            .isPresent();
    requireNameFree(id, request.name());
    MountFolder.requireFree(self, home.mountpoint(request.name()));
    if (!isCopied) {
      storage.pool().requireFree(request.usedBytes(), request.name().toString());
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
    requireCaller(caller, request.releasedBy());
    if (!request.owner().equals(self)) {
      throw OwnershipFailure.NOT_RELEASED.because(
          "volume " + id + " was released to node " + request.owner() + ", this is " + self);
    }
    try (VolumeLocks.Lease _ = locks.own(id, "acquire " + request.operation())) {
      Volume volume = catalog.require(id);
      if (!isRepeat(volume, request)) {
        requireReleased(volume, request);
        // First, and only then: a late repeat must not undo what later pushes have moved.
        cursors.replace(id, cursors(request));
        request.metadata().ifPresent(metadata -> describe(id, metadata));
        storage.seal(volume.dataset().name(), request.properties().orElse(Map.of()));
        catalog.write(volume.dataset().name(), owned(volume, request));
      }
      volumes.repairName(catalog.requireOwned(id), request.name());
      requireNameFree(id, request.name());
      Path mountpoint = home.mountpoint(request.name());
      storage.mountWritable(catalog.requireOwned(id).dataset().name(), mountpoint);
      return new AcquireAnswer(self, request.epoch(), mountpoint.toString());
    }
  }

  /** The volume does not wait for what is written about it. */
  private void describe(VolumeId id, Map<String, String> metadata) {
    try {
      register.describe(id, metadata);
    } catch (FailureException e) {
      Action.traceback(e);
    }
  }

  private static void requireCaller(NodeId caller, NodeId owner) throws FailureException {
    if (!caller.equals(owner)) {
      throw RequestFailure.FORBIDDEN.because(
          "node " + caller + " speaks for a volume that node " + owner + " gives away");
    }
  }

  private void requireNameFree(VolumeId id, VolumeName name) throws FailureException {
    // All of them: while its name is not repaired yet, the volume itself is one that bears it.
    Optional<Volume> namesake =
        catalog.list().stream()
            .filter(volume -> volume.name().equals(name) && volume.role() == Role.OWNER)
            .filter(volume -> !volume.id().equals(id))
            .findAny();
    if (namesake.isPresent()) {
      throw OwnershipFailure.VOLUME_EXISTS.because(
          "this node owns another volume named " + name + ": " + namesake.get().id());
    }
  }

  private boolean isRepeat(Volume volume, AcquireRequest request) {
    return volume.dataset().record().stream()
        .anyMatch(
            record ->
                record.node().equals(self)
                    && record.state() == OwnershipState.OWNED
                    && record.epoch() == request.epoch()
                    && record.operation().equals(request.operation()));
  }

  private void requireReleased(Volume volume, AcquireRequest request) throws FailureException {
    if (request.epoch() <= volume.epoch()) {
      throw OwnershipFailure.STALE_EPOCH
          .because(
              volume.name()
                  + " is at epoch "
                  + volume.epoch()
                  + ", the grant is of epoch "
                  + request.epoch())
          .with("owner", volume.owner());
    }
    boolean isNext =
        volume.role() == Role.REPLICA
            && volume.owner().equals(request.releasedBy())
            && volume.epoch() + 1 == request.epoch();
    if (!isNext) {
      throw OwnershipFailure.NOT_RELEASED.because(
          volume.name()
              + " is a "
              + volume.role()
              + " of node "
              + volume.owner()
              + " at epoch "
              + volume.epoch()
              + " here: a grant of epoch "
              + request.epoch()
              + " by node "
              + request.releasedBy()
              + " does not follow");
    }
    Optional<Guid> latest = volume.dataset().latest().map(Snapshot::guid);
    if (!latest.equals(Optional.of(request.finalSnapshot()))) {
      throw OwnershipFailure.NOT_RELEASED.because(
          volume.name()
              + " ends with "
              + latest.map(Guid::toString).orElse("nothing")
              + " here, the final snapshot is "
              + request.finalSnapshot());
    }
  }

  private OwnershipRecord owned(Volume volume, AcquireRequest request) {
    return new OwnershipRecord(
        volume.id(),
        request.epoch(),
        self,
        OwnershipState.OWNED,
        request.operation(),
        request.finalSnapshot(),
        volume.dataset().guid());
  }

  private static Map<NodeId, Guid> cursors(AcquireRequest request) {
    Map<NodeId, Guid> known = new HashMap<>(request.cursors());
    known.put(request.releasedBy(), request.finalSnapshot());
    return known;
  }
}
