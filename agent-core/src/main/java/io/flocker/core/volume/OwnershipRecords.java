package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.DatasetHead;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.ownership.EpochDecider;
import io.flocker.core.volume.ownership.Ownership;
import io.flocker.core.volume.ownership.OwnershipDecision;
import io.flocker.core.volume.ownership.OwnershipEffect;
import io.flocker.core.volume.ownership.OwnershipEvent;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who may write each volume. Every ownership record is written here, and whoever was put out by one
 * mounts nothing. Any thread may call; every method blocks on ZFS.
 */
public final class OwnershipRecords {
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
  private final EpochDecider decider;
  private final Ownership ownership;
  private final VolumeResolver resolver;
  private final VolumeIndex index;
  private final VolumeEvents events;

  /** Around each change of who may write a volume, and each mount that lets somebody. */
  private final VolumeMutex writers = new VolumeMutex();

  /**
   * By dataset, the records by which this node was put out in this run. Those of a volume change
   * under its lock of {@code writers}; a first record, which puts nobody out, needs none.
   */
  private final Map<Guid, Fence> fences = new ConcurrentHashMap<>();

  /**
   * Keeps the records of a pool's volumes.
   *
   * @param decider is asked for each epoch that this node makes
   * @param index is told what is written
   */
  OwnershipRecords(
      Storage storage,
      NodeId self,
      EpochMemory epochs,
      EpochDecider decider,
      VolumeResolver resolver,
      VolumeIndex index,
      VolumeEvents events) {
    this.storage = storage;
    this.self = self;
    this.epochs = epochs;
    this.decider = decider;
    this.ownership = new Ownership(self);
    this.resolver = resolver;
    this.index = index;
    this.events = events;
  }

  /**
   * Has the epoch agreed to that an event makes, before anything is signed or written for it.
   *
   * @param dataset as for {@link #apply}
   * @param event that {@link #apply} is given next
   * @return the record that is written then
   * @throws FailureException why the event, or its epoch, is refused: nothing was changed
   */
  public OwnershipRecord agree(Dataset dataset, OwnershipEvent event) throws FailureException {
    Optional<OwnershipRecord> present = present(dataset, event);
    OwnershipRecord next = permitted(present, event).record().orElseThrow();
    decider.agree(present, next);
    return next;
  }

  /**
   * Has something happen to the ownership of a dataset. One that makes an epoch goes by {@link
   * #agree} first. What changes of its record is on disk when this returns.
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

  /** That this node may not write a volume, since it was put out. */
  FailureException notWritable(VolumeId id, OwnershipState state, NodeId owner, long epoch) {
    return state == OwnershipState.SUPERSEDED
        ? OwnershipFailure.SUPERSEDED
            .because(
                "node %s owns volume %s since epoch %d, and the copy of node %s is kept as it was"
                    .formatted(owner, id, epoch, self))
            .with("owner", owner)
        : OwnershipFailure.CONTESTED.because("more than one node claims volume " + id);
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
        // A stream was compared with the epochs when it was judged, and what is contested keeps
        // the epoch that it has.
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
    DatasetHead head =
        new DatasetHead(dataset, record.dataset(), Optional.of(record), false, Optional.empty());
    resolver.head(head).ifPresent(index::put);
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
}
