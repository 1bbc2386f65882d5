package io.flocker.core.volume;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.ownership.EpochDecider;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What volumes the pool holds, by lineage and by name. Any thread may call; every method blocks on
 * ZFS.
 */
public final class VolumeCatalog {
  /** A dataset may be renamed between the listing that found it and the look at it. */
  private static final int LISTINGS = 3;

  private final Storage storage;
  private final VolumeEvents events;
  private final VolumeIndex index = new VolumeIndex();
  private final OwnershipRecords records;
  private final VolumeSnapshots snapshots;
  private final NewVolumes newVolumes;
  private final PoolReader pool;

  /** Around the first listing. */
  private final ReentrantLock filling = new ReentrantLock();

  private final SharedReading<List<Volume>> listing;
  private final SharedReading<List<VolumeHead>> headListing;

  /**
   * The volumes of the node {@code self} in its {@code storage}.
   *
   * @param decider is asked for each epoch that this node makes
   * @param events is told what happens to them
   */
  public VolumeCatalog(
      Storage storage, NodeId self, EpochMemory epochs, EpochDecider decider, EventSink events) {
    this.storage = storage;
    this.events = new VolumeEvents(self, events);
    VolumeResolver resolver = new VolumeResolver(self, epochs);
    this.records =
        new OwnershipRecords(storage, self, epochs, decider, resolver, index, this.events);
    this.newVolumes = new NewVolumes(storage, self, epochs, resolver, index, records, this.events);
    this.pool = new PoolReader(storage, epochs, resolver, index, newVolumes);
    this.listing = new SharedReading<>(pool::volumes);
    this.headListing = new SharedReading<>(pool::heads);
    this.snapshots = new VolumeSnapshots(storage, this, this.events);
  }

  /** The ownership records of these volumes. */
  public OwnershipRecords records() {
    return records;
  }

  /** Takes and destroys their snapshots. */
  public VolumeSnapshots snapshots() {
    return snapshots;
  }

  /** Gives datasets that are made or found their first records. */
  NewVolumes newVolumes() {
    return newVolumes;
  }

  /**
   * All volumes with what their datasets hold: the whole pool is read. Datasets that are not named
   * as ours are none. A dataset without a record whose name bears this node's uuid is adopted: it
   * gets a record with a fresh lineage.
   */
  public List<Volume> list() throws FailureException {
    return listing.read();
  }

  /** All volumes as they were when last the pool was asked for them, and what was changed since. */
  public List<VolumeHead> known() throws FailureException {
    if (!index.isFilled()) {
      filling.lock(); // Several ask at the start: one listing is for all of them.
      try {
        if (!index.isFilled()) {
          lookAround();
        }
      } finally {
        filling.unlock();
      }
    }
    return index.all();
  }

  /**
   * The same, without ever asking the pool: for event loops.
   *
   * @throws FailureException {@code POOL_UNAVAILABLE} where it was not asked before
   */
  public List<VolumeHead> remembered() throws FailureException {
    if (!index.wasFilled()) {
      throw StorageFailure.POOL_UNAVAILABLE.because("the pool was not read yet");
    }
    return index.all();
  }

  /**
   * The same of one volume: a head for each of its datasets. Where the pool was listed once it is
   * asked for nothing.
   */
  public List<VolumeHead> known(VolumeId id) throws FailureException {
    var _ = known();
    return index.heads(id);
  }

  /**
   * Datasets that the pool had when last it was asked, and that were volumes but for their name.
   */
  public List<StrayDataset> strays() throws FailureException {
    var _ = known();
    return index.strays();
  }

  /** Asks the pool which volumes it has: what was made or renamed by hand is found so. */
  public void lookAround() throws FailureException {
    var _ = headListing.read();
  }

  /** The volume of that lineage; contested if there are two. */
  public Optional<Volume> find(VolumeId id) throws FailureException {
    return search(() -> index.datasets(id), volume -> volume.id().equals(id)).stream().findFirst();
  }

  /** The datasets of that lineage, as they are. */
  List<Volume> copies(VolumeId id) throws FailureException {
    return search(() -> index.datasets(id), volume -> volume.id().equals(id));
  }

  /** All volumes of that name: other nodes may use it too. */
  public List<Volume> named(VolumeName name) throws FailureException {
    return search(() -> index.datasets(name), volume -> volume.name().equals(name));
  }

  /** The volume of that name: the one that this node owns, if several nodes use the name. */
  public Optional<Volume> find(VolumeName name) throws FailureException {
    return named(name).stream().min(Comparator.comparing(volume -> volume.role() != Role.OWNER));
  }

  /** The volume of that name that {@code owner} may write. */
  public Optional<Volume> find(NodeId owner, VolumeName name) throws FailureException {
    return search(
            () -> index.datasets(name),
            volume -> volume.name().equals(name) && volume.owner().equals(owner))
        .stream()
        .findFirst();
  }

  /** The volume that is this dataset, whatever is known of it. */
  public Optional<Volume> at(String dataset) throws FailureException {
    return pool.volumes(index.siblings(dataset)).stream()
        .filter(volume -> volume.dataset().name().equals(dataset))
        .findFirst();
  }

  /**
   * The volume of that lineage.
   *
   * @throws FailureException {@code VOLUME_NOT_FOUND}
   */
  public Volume require(VolumeId id) throws FailureException {
    return find(id)
        .orElseThrow(
            () -> OwnershipFailure.VOLUME_NOT_FOUND.because("there is no volume " + id + " here"));
  }

  /**
   * The volume of that lineage, if this node may write it.
   *
   * @throws FailureException {@code NOT_OWNER} or {@code SUPERSEDED} with the owner, {@code
   *     CONTESTED}, or {@code VOLUME_NOT_FOUND}
   */
  public Volume requireOwned(VolumeId id) throws FailureException {
    Volume volume = require(id);
    return switch (volume.role()) {
      case OWNER -> volume;
      case CONTESTED ->
          throw records.notWritable(id, OwnershipState.CONTESTED, volume.owner(), volume.epoch());
      case SUPERSEDED ->
          throw records.notWritable(id, OwnershipState.SUPERSEDED, volume.owner(), volume.epoch());
      case REPLICA, RELEASED ->
          throw OwnershipFailure.NOT_OWNER
              .because("volume " + id + " belongs to node " + volume.owner())
              .with("owner", volume.owner());
    };
  }

  /**
   * The volume of that lineage, if its snapshots can be relied on here: its owner's, a replica's,
   * or those of a copy that was set aside.
   *
   * @throws FailureException as {@link #requireOwned}
   */
  public Volume requireReadable(VolumeId id) throws FailureException {
    Volume volume = require(id);
    return volume.role() == Role.REPLICA || volume.isSetAside() ? volume : requireOwned(id);
  }

  /** Tells that a peer knows of no later owner than this node. */
  public void confirmed(VolumeId id, NodeId by) throws FailureException {
    for (VolumeHead head : known(id)) {
      events.confirmed(head, by);
    }
    Action.message(
        MessageType.VOLUME_CONFIRMED, Map.of("volume", id.toString(), "peer", by.toString()));
  }

  /** Who is told what happens to volumes. */
  VolumeEvents events() {
    return events;
  }

  /** Renames the dataset of a volume, which is not mounted. */
  void rename(String present, String wanted) throws FailureException {
    storage.rename(present, wanted);
    index.rename(present, wanted);
  }

  /** Destroys a volume that is not mounted, with all its snapshots. */
  void destroy(Volume volume) throws FailureException {
    String dataset = volume.dataset().name();
    AllOrNothing.finish(() -> storage.destroy(dataset), () -> storage.dataset(dataset).isEmpty());
    index.remove(dataset);
  }

  /**
   * Looks at the datasets that {@code where} names. What is not as it is known is looked for in the
   * whole pool.
   */
  private List<Volume> search(Supplier<Set<String>> where, Predicate<Volume> isMeant)
      throws FailureException {
    for (int listings = 0; ; listings++) {
      Set<String> datasets = where.get();
      List<Volume> there = pool.volumes(datasets);
      List<Volume> found = there.stream().filter(isMeant).toList();
      boolean isAsKnown = !found.isEmpty() && there.size() == datasets.size();
      boolean isNowhere = listings > 0 && datasets.isEmpty();
      if (isAsKnown || isNowhere || listings == LISTINGS) {
        return found;
      }
      lookAround();
    }
  }

  /**
   * Looks around for a volume of that id or name.
   *
   * @throws FailureException {@code VOLUME_EXISTS}
   */
  void requireUnknown(VolumeId id, VolumeName name) throws FailureException {
    lookAround();
    newVolumes.refuseKnown(id, name);
  }
}
