package io.flocker.core.volume;

import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.DatasetHead;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.ownership.Ownership;
import io.flocker.core.volume.ownership.OwnershipDecision;
import io.flocker.core.volume.ownership.OwnershipEffect;
import io.flocker.core.volume.ownership.OwnershipEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What volumes the pool holds, and who may write them. Every ownership record is written here. Any
 * thread may call; every method blocks on ZFS.
 */
public final class VolumeCatalog {
  /** A dataset may be renamed between the listing that found it and the look at it. */
  private static final int LISTINGS = 3;

  /**
   * That this node was put out of a volume.
   *
   * @param record that says so
   * @param isWritten whether the dataset bears it
   */
  private record Fence(OwnershipRecord record, boolean isWritten) {}

  private final Storage storage;
  private final NodeId self;
  private final EpochMemory epochs;
  private final Ownership ownership;
  private final VolumeResolver resolver;
  private final VolumeEvents events;
  private final VolumeMutex decisions = new VolumeMutex();

  /** Around each change of who may write a volume, and each mount that lets somebody. */
  private final VolumeMutex writers = new VolumeMutex();

  /** By dataset, the records by which this node was put out in this run. */
  private final Map<Guid, Fence> fences = new ConcurrentHashMap<>();

  private final FirstRecords firstRecords = new FirstRecords();
  private final VolumeIndex index = new VolumeIndex();
  private final ReentrantLock filling = new ReentrantLock();
  private final SharedReading<List<Volume>> listing = new SharedReading<>(this::readAll);
  private final SharedReading<List<VolumeHead>> headListing = new SharedReading<>(this::readHeads);

  /**
   * The volumes of the node {@code self} in its {@code storage}.
   *
   * @param events is told what happens to them
   */
  public VolumeCatalog(Storage storage, NodeId self, EpochMemory epochs, EventSink events) {
    this.events = new VolumeEvents(self, events);
    this.storage = storage;
    this.self = self;
    this.epochs = epochs;
    this.ownership = new Ownership(self);
    this.resolver = new VolumeResolver(self, epochs);
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
    if (!index.isFilled()) {
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

  /** The volume of that name: the one that this node owns, if several nodes use the name. */
  public Optional<Volume> find(VolumeName name) throws FailureException {
    return search(() -> index.datasets(name), volume -> volume.name().equals(name)).stream()
        .min(Comparator.comparing(volume -> volume.role() != Role.OWNER));
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
    return read(index.siblings(dataset)).stream()
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
          throw notWritable(id, OwnershipState.CONTESTED, volume.owner(), volume.epoch());
      case SUPERSEDED ->
          throw notWritable(id, OwnershipState.SUPERSEDED, volume.owner(), volume.epoch());
      case REPLICA, RELEASED ->
          throw OwnershipFailure.NOT_OWNER
              .because("volume " + id + " belongs to node " + volume.owner())
              .with("owner", volume.owner());
    };
  }

  private FailureException notWritable(
      VolumeId id, OwnershipState state, NodeId owner, long epoch) {
    return state == OwnershipState.SUPERSEDED
        ? OwnershipFailure.SUPERSEDED
            .because(
                "node %s owns volume %s since epoch %d, and the copy of node %s is kept as it was"
                    .formatted(owner, id, epoch, self))
            .with("owner", owner)
        : OwnershipFailure.CONTESTED.because("more than one node claims volume " + id);
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

  /**
   * Has something happen to the ownership of a dataset. What changes of its record is on disk when
   * this returns.
   *
   * @param dataset as it was read by a caller who has the volume alone
   * @return the record from then on
   * @throws FailureException {@code STALE_EPOCH} if this node has heard of a higher epoch, or why
   *     the event is refused
   */
  public Optional<OwnershipRecord> apply(Dataset dataset, OwnershipEvent event)
      throws FailureException {
    return apply(
        dataset,
        event,
        () -> {
          throw new IllegalStateException(event + " puts nobody out");
        });
  }

  /**
   * The same for an event that may put this node out.
   *
   * @param takeAway unmounts the volume, or goes on trying; nobody mounts it meanwhile
   */
  Optional<OwnershipRecord> apply(Dataset dataset, OwnershipEvent event, Runnable takeAway)
      throws FailureException {
    Optional<OwnershipRecord> bears = dataset.record();
    return bears.isPresent()
        ? alone(bears.get().lineage(), () -> decideAndCarryOut(dataset, event, takeAway))
        : decideAndCarryOut(dataset, event, takeAway);
  }

  private Optional<OwnershipRecord> decideAndCarryOut(
      Dataset dataset, OwnershipEvent event, Runnable takeAway) throws FailureException {
    OwnershipDecision decision = ownership.decide(present(dataset, event), event);
    for (OwnershipEffect effect : decision.effects()) {
      carryOut(dataset, event, effect, takeAway);
    }
    return decision.record();
  }

  /** Who was put out while he worked on a volume decides nothing by what he read before. */
  private Optional<OwnershipRecord> present(Dataset dataset, OwnershipEvent event)
      throws FailureException {
    Fence fence = fences.get(dataset.guid());
    if (fence == null) {
      return dataset.record();
    }
    if (fence.isWritten()) {
      return Optional.of(fence.record());
    }
    if (event instanceof OwnershipEvent.Shown || event instanceof OwnershipEvent.TakenOver) {
      return dataset.record();
    }
    throw notWritable(fence.record());
  }

  /** Does something about who may write a volume, while nobody else does, nor mounts it. */
  <T> T alone(VolumeId volume, VolumeMutex.Decision<T> decision) throws FailureException {
    return writers.take(volume, decision);
  }

  /**
   * Mounts a volume writable.
   *
   * @param dataset full name
   * @throws FailureException {@code SUPERSEDED} or {@code CONTESTED} where this node was put out,
   *     whatever the caller has read
   */
  public void mountWritable(VolumeId volume, String dataset, Path mountpoint)
      throws FailureException {
    var _ =
        alone(
            volume,
            () -> {
              refuseFenced(volume);
              storage.mountWritable(dataset, mountpoint);
              return true;
            });
  }

  private void refuseFenced(VolumeId volume) throws FailureException {
    for (Fence fence : fences.values()) {
      if (fence.record().lineage().equals(volume)) {
        throw notWritable(fence.record());
      }
    }
  }

  private FailureException notWritable(OwnershipRecord record) {
    return notWritable(record.lineage(), record.state(), record.node(), record.epoch());
  }

  /** Nobody mounts what is about to be recorded so, nor what could not be recorded. */
  private void fence(Dataset dataset, OwnershipRecord record, boolean isWritten) {
    boolean isPutOut =
        record.state() == OwnershipState.SUPERSEDED || record.state() == OwnershipState.CONTESTED;
    if (isPutOut) {
      var _ = fences.put(dataset.guid(), new Fence(record, isWritten));
    } else if (isWritten) {
      var _ = fences.remove(dataset.guid());
    }
  }

  /**
   * Whether an event would change the record of a dataset; nothing is done yet.
   *
   * @throws FailureException why the event is refused
   */
  public boolean wouldChange(Dataset dataset, OwnershipEvent event) throws FailureException {
    Optional<OwnershipRecord> present = present(dataset, event);
    return !permitted(present, event).record().equals(present);
  }

  /**
   * Looks at a claim.
   *
   * @param record the record of the dataset that the claim is about; empty if there is none
   * @throws FailureException why it is not believed; what this node believes stands in it
   */
  void judge(Optional<OwnershipRecord> record, OwnershipEvent.Claimed claim)
      throws FailureException {
    var _ = permitted(record, claim);
  }

  private OwnershipDecision permitted(Optional<OwnershipRecord> record, OwnershipEvent event)
      throws FailureException {
    OwnershipDecision decision = ownership.decide(record, event);
    for (OwnershipEffect effect : decision.effects()) {
      if (effect instanceof OwnershipEffect.Refuse refusal) {
        throw refusal.why();
      }
    }
    return decision;
  }

  private void carryOut(
      Dataset dataset, OwnershipEvent event, OwnershipEffect effect, Runnable takeAway)
      throws FailureException {
    switch (effect) {
      case OwnershipEffect.Protect _ -> storage.seal(dataset.name(), Map.of());
      case OwnershipEffect.Fence _ -> takeAway.run();
      case OwnershipEffect.Forget _ -> {
        AllOrNothing.finish(
            () -> storage.removeRecord(dataset.name()),
            () ->
                storage
                    .dataset(dataset.name())
                    .filter(there -> there.record().isEmpty())
                    .isPresent());
        var _ = fences.remove(dataset.guid());
        index.remove(dataset.name());
      }
      case OwnershipEffect.Write write -> {
        // A stream was compared with the epochs when it was judged; what is contested keeps its
        // own.
        boolean isJudged =
            event instanceof OwnershipEvent.Received
                || write.record().state() == OwnershipState.CONTESTED;
        if (!isJudged) {
          epochs.refuseStale(write.record().lineage(), write.record().epoch());
        }
        set(dataset, write.record());
      }
      case OwnershipEffect.Announce told ->
          DatasetName.ofBasename(dataset.basename())
              .ifPresent(name -> events.recorded(told.record(), name.volume(), told.isNew()));
      case OwnershipEffect.Refuse refusal -> throw refusal.why();
    }
  }

  /**
   * Takes a snapshot.
   *
   * @param name a free one
   */
  public Snapshot snapshot(Volume volume, String name) throws FailureException {
    return decisions.take(
        volume.id(),
        () -> {
          String dataset = volume.dataset().name();
          Snapshot taken =
              AllOrNothing.finishMaking(
                  () -> storage.snapshot(dataset, name), () -> taken(volume, name));
          events.taken(volume.id(), taken);
          return taken;
        });
  }

  /**
   * Takes a snapshot of a volume that this node owns, and looks at the volume again.
   *
   * @param name a free one
   * @return the volume with its new snapshot
   * @throws FailureException as {@link #requireOwned}; no snapshot is left then
   */
  public Volume withSnapshot(Volume volume, String name) throws FailureException {
    String dataset = volume.dataset().name();
    return decisions.take(
        volume.id(),
        () ->
            AllOrNothing.make(change -> {
              AllOrNothing.finish(
                  () -> storage.takeSnapshot(dataset, name), () -> taken(volume, name).isPresent());
              change.onFailure(() -> storage.destroySnapshot(dataset, name));
              Volume now = requireOwned(volume.id());
              events.taken(volume.id(), now.requireSnapshot(name));
              return now;
            }));
  }

  /** One that was there before is not what was to be taken. */
  private Optional<Snapshot> taken(Volume before, String name) throws FailureException {
    return before.dataset().snapshot(name).isPresent()
        ? Optional.empty()
        : storage.dataset(before.dataset().name()).flatMap(there -> there.snapshot(name));
  }

  /** Destroys a snapshot that nobody holds. */
  public void destroySnapshot(Volume volume, Snapshot snapshot) throws FailureException {
    var _ =
        decisions.take(
            volume.id(),
            () -> {
              String dataset = volume.dataset().name();
              AllOrNothing.finish(
                  () -> storage.destroySnapshot(dataset, snapshot.name()),
                  () -> isGone(dataset, snapshot));
              events.destroyed(volume.id(), snapshot);
              return snapshot;
            });
  }

  private boolean isGone(String dataset, Snapshot snapshot) throws FailureException {
    return storage
        .dataset(dataset)
        .filter(there -> there.snapshot(snapshot.guid()).isEmpty())
        .isPresent();
  }

  /** Tells that a peer knows of no later owner than this node. */
  public void confirmed(VolumeId id, NodeId by) throws FailureException {
    for (VolumeHead head : known(id)) {
      events.confirmed(head, by);
    }
    Action.message(
        MessageType.VOLUME_CONFIRMED, Map.of("volume", id.toString(), "peer", by.toString()));
  }

  /** While one is taken about a volume no snapshot of it comes or goes. */
  VolumeMutex decisions() {
    return decisions;
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

  /** Full names of the datasets that are clones of one of those snapshots. */
  List<String> clonesOf(Dataset dataset, List<Snapshot> snapshots) throws FailureException {
    Set<String> origins =
        snapshots.stream()
            .map(snapshot -> dataset.name() + "@" + snapshot.name())
            .collect(Collectors.toUnmodifiableSet());
    return storage.heads().stream()
        .filter(head -> head.origin().filter(origins::contains).isPresent())
        .map(DatasetHead::name)
        .toList();
  }

  private void set(Dataset into, OwnershipRecord record) throws FailureException {
    String dataset = into.name();
    fence(into, record, false);
    // The pool first: an epoch that only the memory knows would lock the owner out of its volume.
    try {
      AllOrNothing.finish(
          () -> storage.setRecord(dataset, record),
          () ->
              storage.dataset(dataset).flatMap(Dataset::record).filter(record::equals).isPresent());
    } catch (FailureException | RuntimeException e) {
      index.doubt();
      throw e;
    }
    fence(into, record, true);
    know(new DatasetHead(dataset, record.dataset(), Optional.of(record), false, Optional.empty()));
    try {
      boolean isFirstUse = into.record().isEmpty() && !record.node().equals(self);
      if (!isFirstUse && record.epoch() > epochs.highest(record.lineage())) {
        epochs.observe(record.lineage(), record.epoch());
      }
    } catch (FailureException | RuntimeException e) {
      // The record counts, and is on disk: whoever reads it next remembers its epoch.
      Action.traceback(e);
    }
  }

  private void know(DatasetHead dataset) {
    resolver.head(dataset).ifPresent(index::put);
  }

  private List<Volume> readAll() throws FailureException {
    try (VolumeIndex.Listing under = index.list()) {
      List<Dataset> datasets = new ArrayList<>();
      for (Dataset dataset : storage.datasets()) {
        adopted(dataset).ifPresent(datasets::add);
      }
      List<DatasetHead> heads = datasets.stream().map(Dataset::head).toList();
      under.fill(heads(heads), strays(heads));
      return observed(resolver.resolve(datasets));
    }
  }

  private List<VolumeHead> readHeads() throws FailureException {
    try (VolumeIndex.Listing under = index.list()) {
      List<DatasetHead> datasets = new ArrayList<>();
      for (DatasetHead dataset : storage.heads()) {
        if (resolver.isOrphan(dataset)) {
          adopt(dataset.name()).map(Dataset::head).ifPresent(datasets::add);
        } else {
          datasets.add(dataset);
        }
      }
      List<VolumeHead> found = heads(datasets);
      under.fill(found, strays(datasets));
      for (VolumeHead head : found) {
        observe(head);
      }
      return found;
    }
  }

  private List<VolumeHead> heads(List<DatasetHead> datasets) {
    return datasets.stream().map(resolver::head).flatMap(Optional::stream).toList();
  }

  private static List<StrayDataset> strays(List<DatasetHead> datasets) {
    return datasets.stream().map(VolumeResolver::stray).flatMap(Optional::stream).toList();
  }

  /**
   * Looks at the datasets that {@code where} names. What is not as it is known is looked for in the
   * whole pool.
   */
  private List<Volume> search(Supplier<Set<String>> where, Predicate<Volume> isMeant)
      throws FailureException {
    for (int listings = 0; ; listings++) {
      Set<String> datasets = where.get();
      List<Volume> there = read(datasets);
      List<Volume> found = there.stream().filter(isMeant).toList();
      boolean isAsKnown = !found.isEmpty() && there.size() == datasets.size();
      boolean isNowhere = listings > 0 && datasets.isEmpty();
      if (isAsKnown || isNowhere || listings == LISTINGS) {
        return found;
      }
      lookAround();
    }
  }

  private List<Volume> read(Set<String> names) throws FailureException {
    List<Dataset> datasets = new ArrayList<>();
    for (String name : names) {
      Optional<Dataset> dataset = storage.dataset(name);
      if (dataset.isPresent()) {
        adopted(dataset.get()).ifPresent(datasets::add);
      }
    }
    return observed(resolver.resolve(datasets));
  }

  private List<Volume> observed(List<Volume> volumes) {
    for (Volume volume : volumes) {
      observe(volume.head());
    }
    return volumes;
  }

  /**
   * A full state folder keeps nobody from reading: the next look remembers the epoch. What a copy
   * bears was remembered when it was proven; a first use nobody has proven, and an epoch that a
   * liar made up would be in its owner's way for ever.
   */
  private void observe(VolumeHead head) {
    try {
      if (head.role() != Role.REPLICA && head.epoch() > epochs.highest(head.id())) {
        epochs.observe(head.id(), head.epoch());
      }
    } catch (FailureException _) {
      // Whoever writes there says what is wrong.
    }
  }

  /** Makes the dataset of a new volume. */
  @FunctionalInterface
  interface Maker {
    void make(String dataset) throws FailureException;
  }

  /**
   * Looks around for a volume of that id or name.
   *
   * @throws FailureException {@code VOLUME_EXISTS}
   */
  void requireUnknown(VolumeId id, VolumeName name) throws FailureException {
    lookAround();
    refuseKnown(id, name);
  }

  private void refuseKnown(VolumeId id, VolumeName name) throws FailureException {
    for (VolumeHead known : index.all()) {
      // A replica's name too: one day the replica is to be mounted where the name says.
      if (known.id().equals(id) || known.name().equals(name)) {
        throw known.inTheWay(self);
      }
    }
  }

  /**
   * Makes a volume of this node, not mounted, once {@link #requireUnknown} has looked around.
   *
   * @param isFresh whether this node made up the id
   * @throws FailureException {@code VOLUME_EXISTS}
   */
  Volume add(VolumeId id, boolean isFresh, VolumeName name, Maker maker) throws FailureException {
    String dataset = new DatasetName(self, name).in(storage.poolName());
    return firstRecords.make(
        dataset,
        () -> {
          refuseKnown(id, name);
          epochs.refuseStale(id, 0);
          return AllOrNothing.make(change -> {
            make(dataset, maker, change);
            Dataset made = dataset(dataset);
            return own(
                made, new OwnershipEvent.Created(id, UUID.randomUUID(), made.guid(), isFresh));
          });
        });
  }

  /** Nothing of that name was there a moment ago: what is there after a failure is half made. */
  private void make(String dataset, Maker maker, AllOrNothing change) throws FailureException {
    try {
      maker.make(dataset);
    } catch (FailureException | RuntimeException e) {
      boolean isSomebodyElses =
          e instanceof FailureException refused
              && refused.failure() == StorageFailure.DATASET_EXISTS;
      if (!isSomebodyElses) {
        change.onFailure(() -> discard(dataset));
      }
      throw e;
    }
    change.onFailure(() -> discard(dataset));
  }

  private void discard(String dataset) throws FailureException {
    if (storage.dataset(dataset).isPresent()) {
      storage.destroy(dataset);
    }
    index.remove(dataset);
  }

  private Optional<Dataset> adopted(Dataset dataset) throws FailureException {
    return resolver.isOrphan(dataset.head()) ? adopt(dataset.name()) : Optional.of(dataset);
  }

  /** Empty for one that {@link #add} is making just now, or that has gone. */
  private Optional<Dataset> adopt(String name) throws FailureException {
    return firstRecords.adopt(name, () -> lookAndAdopt(name));
  }

  private Optional<Dataset> lookAndAdopt(String name) throws FailureException {
    Optional<Dataset> dataset = storage.dataset(name);
    if (dataset.map(Dataset::head).filter(resolver::isOrphan).isEmpty()) {
      return dataset;
    }
    Dataset found = dataset.get();
    Volume volume =
        own(found, new OwnershipEvent.Adopted(VolumeId.random(), UUID.randomUUID(), found.guid()));
    events.created(volume);
    Action.message(
        MessageType.VOLUME_ADOPTED, Map.of("volume", volume.id().toString(), "dataset", name));
    return Optional.of(volume.dataset());
  }

  /** Writes the first record of a dataset. */
  private Volume own(Dataset dataset, OwnershipEvent event) throws FailureException {
    OwnershipRecord first = apply(dataset, event).orElseThrow();
    return resolver.resolve(List.of(dataset.with(first))).getFirst();
  }

  private Dataset dataset(String name) throws FailureException {
    return storage
        .dataset(name)
        .orElseThrow(
            () -> OwnershipFailure.VOLUME_NOT_FOUND.because("the dataset " + name + " is gone"));
  }
}
