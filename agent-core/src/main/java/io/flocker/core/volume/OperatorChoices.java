package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.peer.PeerCursors;
import io.flocker.core.state.StateDisk;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.ownership.OwnershipEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * What an operator has this node make of its copy of a volume: the volume itself, whoever owned it,
 * or something that is kept beside it. Any thread may call, having the volume alone; every method
 * blocks on ZFS.
 */
public final class OperatorChoices {
  private final Storage storage;
  private final VolumeCatalog catalog;
  private final LocalNode home;
  private final GrantKeeper grants;
  private final PeerCursors cursors;
  private final PeerBases bases;
  private final StateDisk disk;
  private final DatasetRenaming naming;
  private final InstantSource clock;

  /** For the volumes of {@code node}. */
  public OperatorChoices(NodeVolumes node) {
    this(node, InstantSource.system());
  }

  OperatorChoices(NodeVolumes node, InstantSource clock) {
    this.storage = node.storage();
    this.catalog = node.catalog();
    this.home = node.home();
    this.grants = node.memory().grants();
    this.cursors = node.memory().cursors();
    this.bases = node.bases();
    this.disk = node.memory().disk();
    this.naming = new DatasetRenaming(node.catalog());
    this.clock = clock;
  }

  /** The guid of the newest snapshot of a copy; 0 if it has none. */
  public static Guid last(Volume copy) {
    return copy.dataset().latest().map(Snapshot::guid).orElse(Guid.NONE);
  }

  /**
   * Makes sure that this node could own and mount the volume; changes nothing.
   *
   * @throws FailureException what stands in the way
   */
  public void requireTakeable(Volume copy) throws FailureException {
    if (copy.dataset().record().isEmpty()) {
      throw OwnershipFailure.NOT_RELEASED.because(
          "nobody has said yet whose copy %s is".formatted(copy.dataset().name()));
    }
    disk.requireWritable();
    Optional<VolumeHead> namesake =
        catalog.known().stream()
            .filter(head -> head.name().equals(copy.name()) && head.role() == Role.OWNER)
            .filter(head -> !head.id().equals(copy.id()))
            .findAny();
    if (namesake.isPresent()) {
      throw namesake.get().inTheWay(home.node());
    }
    if (!copy.dataset().isMounted()) {
      Path mountpoint = home.mountpoint(copy.name());
      MountFolder.requireFree(home.node(), mountpoint);
      MountFolder.requireMakeable(home.node(), mountpoint);
    }
  }

  /**
   * Makes this node the owner, as an operator has signed. It is not mounted by that. A repeat
   * changes nothing.
   *
   * @param signed to this node, and sound
   * @throws FailureException {@code STALE_EPOCH} or {@code NOT_RELEASED}, where the copy is not
   *     what it was when the grant was made
   */
  public void take(Volume copy, SignedGrant signed) throws FailureException {
    Grant grant = signed.grant();
    OwnershipEvent event =
        new OwnershipEvent.TakenOver(grant.epoch(), grant.operation(), grant.finalSnapshot());
    if (!catalog.records().wouldChange(copy.dataset(), event)) {
      return;
    }
    if (!last(copy).equals(grant.finalSnapshot())) {
      throw OwnershipFailure.NOT_RELEASED.because(
          "the copy ends with snapshot %s by now, what was signed says %s"
              .formatted(last(copy), grant.finalSnapshot()));
    }
    var _ = catalog.records().agree(copy.dataset(), event);
    String wanted = new DatasetName(home.node(), copy.name()).in(storage.poolName());
    PeerCursors.Known before = cursors.known(copy.id());
    var _ =
        AllOrNothing.make(change -> {
          if (copy.role() == Role.REPLICA) { // They date from when this node owned it before.
            change.onFailure(() -> cursors.put(copy.id(), before));
            cursors.forget(copy.id());
          }
          grants.accept(signed);
          return catalog.records().apply(copy.dataset(), event);
        });
    naming.follow(copy.dataset().name(), wanted);
    catalog
        .events()
        .takenOver(
            new Volume(
                copy.id(), copy.name(), home.node(), Role.OWNER, grant.epoch(), copy.dataset()));
  }

  /**
   * Keeps a superseded copy under another name: it is nobody's volume then, never mounted by this
   * node, and free to be cloned or destroyed. What was written since its last snapshot is in a
   * fresh one.
   *
   * @param keep who owns the volume
   * @return full name of the dataset from then on
   * @throws FailureException {@code NOT_SUPERSEDED} unless it is proven here that {@code keep}
   *     does, {@code VOLUME_IN_USE} while it is still mounted
   */
  public String setAside(Volume copy, NodeId keep) throws FailureException {
    requireSuperseded(copy, keep);
    Instant now = clock.instant();
    VolumeName name =
        SetAsideName.is(copy.name()) ? copy.name() : SetAsideName.of(copy.name(), now);
    String dataset = new DatasetName(keep, name).in(storage.poolName());
    var _ =
        AllOrNothing.make(change -> {
          snapshot(copy, now, change);
          if (!copy.dataset().name().equals(dataset)) {
            change.onFailure(() -> catalog.rename(dataset, copy.dataset().name()));
            catalog.rename(copy.dataset().name(), dataset);
          }
          Dataset renamed = renamed(dataset, copy);
          letGo(
              new Volume(copy.id(), name, copy.owner(), copy.role(), copy.epoch(), renamed),
              change);
          return catalog.records().apply(renamed, new OwnershipEvent.SetAside());
        });
    tellSetAside(copy, dataset, keep);
    return dataset;
  }

  private void tellSetAside(Volume copy, String dataset, NodeId keep) {
    Action.message(
        MessageType.VOLUME_SET_ASIDE,
        Map.of("volume", copy.id().toString(), "dataset", dataset, "owner", keep.toString()));
    try {
      catalog.at(dataset).ifPresent(aside -> catalog.events().created(aside));
    } catch (FailureException | RuntimeException e) {
      Action.traceback(e); // It is done all the same.
    }
  }

  private void requireSuperseded(Volume copy, NodeId keep) throws FailureException {
    if (copy.role() != Role.SUPERSEDED || !copy.owner().equals(keep)) {
      throw OwnershipFailure.NOT_SUPERSEDED
          .because(
              "node %s is %s of volume %s, as it has on record, and node %s has not shown that it owns it since: have the volume resolved on node %s first"
                  .formatted(home.node(), copy.role(), copy.id(), keep, keep))
          .with("owner", copy.owner());
    }
    if (copy.dataset().isMounted()) {
      throw OwnershipFailure.VOLUME_IN_USE.because(
          "the superseded copy of volume %s is still mounted at %s"
              .formatted(copy.id(), copy.dataset().mountpoint().orElse(Path.of("?"))));
    }
  }

  /** Nothing is pushed from it any more. */
  private void letGo(Volume copy, AllOrNothing change) throws FailureException {
    PeerCursors.Known before = cursors.known(copy.id());
    change.onFailure(() -> {
      for (Map.Entry<NodeId, Guid> cursor : before.last().entrySet()) {
        bases.arrived(copy, cursor.getKey(), cursor.getValue());
      }
      cursors.put(copy.id(), before);
    });
    bases.letGo(copy);
    cursors.forget(copy.id());
  }

  private void snapshot(Volume copy, Instant now, AllOrNothing change) throws FailureException {
    String name = SnapshotName.fresh(now, SnapshotPurpose.MANUAL).toString();
    Snapshot taken = catalog.snapshots().take(copy, name);
    change.onFailure(() -> catalog.snapshots().destroy(copy, taken));
  }

  private Dataset renamed(String dataset, Volume copy) throws FailureException {
    return storage
        .dataset(dataset)
        .orElseThrow(() ->
            OwnershipFailure.VOLUME_NOT_FOUND.because(
                "the dataset %s, which was %s, is gone".formatted(dataset, copy.dataset().name())));
  }
}
