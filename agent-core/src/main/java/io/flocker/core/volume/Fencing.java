package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.os.Holder;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.HolderSearch;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.Storage;
import io.flocker.core.volume.ownership.OwnershipEvent;
import io.flocker.core.volume.ownership.OwnershipEvent.Evidence;
import io.flocker.core.volume.ownership.Tenure;
import io.flocker.core.volume.ownership.Testimony;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Judges who is shown to own a volume, by whomever, and puts this node out where a later owner or a
 * rival is proven: at once, whoever works on the volume here, and for as long as it takes. Any
 * thread; blocks on ZFS only where something has to change.
 */
public final class Fencing {
  /** What is still to be done about a volume, and why it is not done. */
  private record Unfinished(Optional<Shown> shown, String why) {}

  private record Shown(Tenure tenure, GrantChain grants) {}

  private final Storage storage;
  private final VolumeCatalog catalog;
  private final GrantKeeper grants;
  private final EpochMemory epochs;
  private final Confirmations confirmations;
  private final BareFolders folders;
  private final HolderSearch holders;
  private final Map<VolumeId, Unfinished> unfinished = new ConcurrentHashMap<>();

  Fencing(
      Storage storage,
      VolumeCatalog catalog,
      NodeMemory memory,
      Confirmations confirmations,
      BareFolders folders,
      HolderSearch holders) {
    this.storage = storage;
    this.catalog = catalog;
    this.grants = memory.grants();
    this.epochs = memory.epochs();
    this.confirmations = confirmations;
    this.folders = folders;
    this.holders = holders;
  }

  /**
   * Judges what is shown, and acts upon it before this returns. What cannot be done now is left to
   * {@link #finish}; {@link #unfinished} says so then.
   *
   * @param tenure who is shown to own the volume, whoever shows it
   */
  public void show(VolumeId id, Tenure tenure, GrantChain shown) throws FailureException {
    for (VolumeHead head : catalog.known(id)) {
      if (mayMatter(head, tenure)) {
        show(id, new Shown(tenure, shown));
        return;
      }
    }
  }

  /** The same where only the grants tell by which operation the owner came to own the volume. */
  public void show(VolumeId id, NodeId owner, long epoch, GrantChain shown)
      throws FailureException {
    boolean isOfInterest =
        catalog.known(id).stream()
            .anyMatch(head -> head.role() != Role.REPLICA && epoch >= head.epoch());
    Optional<UUID> operation =
        isOfInterest ? grants.operation(id, owner, epoch, shown) : Optional.empty();
    if (operation.isPresent()) {
      show(id, new Tenure(owner, epoch, operation.get()), shown);
    }
  }

  /** Not to a replica, which follows its owner's streams, nor where it is older than the record. */
  private static boolean mayMatter(VolumeHead head, Tenure tenure) {
    return head.role() != Role.REPLICA
        && tenure.epoch() >= head.epoch()
        && !head.tenure().equals(Optional.of(tenure));
  }

  /** Why a volume that this node was put out of may still be written here; empty if it may not. */
  public Optional<String> unfinished(VolumeId id) {
    return Optional.ofNullable(unfinished.get(id)).map(Unfinished::why);
  }

  /**
   * The same of what nobody has looked at yet: a killed daemon may have left it mounted, and its
   * successor may be asked before it has seen that. Asks ZFS about what this node was put out of.
   */
  public Optional<String> writable(VolumeHead head) throws FailureException {
    Optional<String> known = unfinished(head.id());
    return known.isPresent() || !isPutOut(head.role())
        ? known
        : storage
            .dataset(head.dataset())
            .filter(Dataset::isMounted)
            .map(_ -> "it is mounted there, and about to be unmounted");
  }

  /** Who has not confirmed yet that this node owns a volume, for people; empty if all have. */
  Optional<String> unconfirmed(Volume volume) {
    String missing =
        confirmations.of(volume).stream()
            .flatMap(word -> word.reason().stream())
            .collect(Collectors.joining("; "));
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("it is mounted unconfirmed, and asked about again: " + missing);
  }

  /**
   * Goes on with what could not be done at once.
   *
   * @return whether anything is left
   */
  public boolean finish() throws FailureException {
    for (VolumeId id : Set.copyOf(unfinished.keySet())) {
      Optional<Shown> shown = unfinished(id, Unfinished::shown);
      if (shown.isPresent()) {
        show(id, shown.get());
      }
      takeAwayLeft(id);
    }
    return !unfinished.isEmpty();
  }

  private <T> Optional<T> unfinished(VolumeId id, Function<Unfinished, Optional<T>> part) {
    return Optional.ofNullable(unfinished.get(id)).flatMap(part);
  }

  private void takeAwayLeft(VolumeId id) throws FailureException {
    var _ =
        catalog
            .records()
            .alone(
                id,
                () -> {
                  var _ =
                      unfinished.computeIfPresent(
                          id, (_, one) -> one.shown().isPresent() ? one : null);
                  for (Volume copy : catalog.copies(id)) {
                    if (isPutOut(copy.role())) {
                      takeAway(copy);
                    }
                  }
                  return true;
                });
  }

  /**
   * Puts this node out again of what it was put out of before it started, by the grants that it
   * kept: the pool may be older than they are.
   */
  void recall() throws FailureException {
    List<VolumeHead> known = catalog.known();
    for (VolumeHead head : known) {
      if (head.role() == Role.CONTESTED && epochs.highest(head.id()) > head.epoch()) {
        GrantChain kept = grants.all(head.id());
        Optional<Tenure> last = grants.at(head.id(), epochs.highest(head.id())).map(Tenure::of);
        if (last.isPresent()) {
          show(head.id(), last.get(), kept);
        }
      }
    }
    confirmations.retain(known.stream().map(VolumeHead::id).collect(Collectors.toSet()));
  }

  /**
   * Takes away what is mounted although this node was put out of it, as a killed daemon leaves it.
   *
   * @param mounted full names of the datasets that are mounted
   */
  void watch(List<VolumeHead> known, Set<String> mounted) {
    for (VolumeHead head : known) {
      if (isPutOut(head.role()) && mounted.contains(head.dataset())) {
        var _ =
            unfinished.putIfAbsent(
                head.id(), new Unfinished(Optional.empty(), "it is about to be unmounted"));
      }
    }
  }

  private static boolean isPutOut(Role role) {
    return role == Role.SUPERSEDED || role == Role.CONTESTED;
  }

  private void show(VolumeId id, Shown shown) throws FailureException {
    var _ =
        catalog
            .records()
            .alone(
                id,
                () -> {
                  for (Volume copy : catalog.copies(id)) {
                    judge(copy, shown);
                  }
                  return true;
                });
  }

  private void judge(Volume copy, Shown shown) throws FailureException {
    Optional<OwnershipRecord> record = copy.dataset().record();
    if (record.isEmpty()) {
      return;
    }
    Testimony testimony =
        Testimony.of(
            record.get(),
            shown.tenure(),
            grants.all(copy.id()).grants(),
            shown.grants().grants(),
            signed -> grants.objection(signed).isEmpty());
    OwnershipEvent event = event(record.get(), shown.tenure(), testimony);
    if (!catalog.records().wouldChange(copy.dataset(), event)) {
      var _ = unfinished.computeIfPresent(copy.id(), (_, one) -> recorded(one));
      return;
    }
    remember(copy.id(), testimony, shown.tenure());
    try {
      OwnershipRecord now =
          catalog.records().apply(copy.dataset(), event, () -> takeAway(copy)).orElseThrow();
      var _ = unfinished.computeIfPresent(copy.id(), (_, one) -> recorded(one));
      tell(copy, now);
    } catch (FailureException | RuntimeException e) {
      Action.traceback(e);
      var _ =
          unfinished.put(
              copy.id(), new Unfinished(Optional.of(shown), "it could not be recorded yet"));
    }
  }

  /** Once it is recorded, only the unmounting is left. */
  private static Unfinished recorded(Unfinished one) {
    return new Unfinished(Optional.empty(), one.why());
  }

  private OwnershipEvent event(OwnershipRecord record, Tenure tenure, Testimony testimony)
      throws FailureException {
    boolean hasConfirmed =
        testimony.creator().isPresent()
            && confirmations.hasEver(record.lineage(), testimony.creator().get());
    return new OwnershipEvent.Shown(
        tenure.owner(), tenure.epoch(), tenure.operation(), testimony.evidence(), hasConfirmed);
  }

  /** Before the record is written, so that the next daemon knows it should this one end here. */
  private void remember(VolumeId id, Testimony testimony, Tenure tenure) {
    try {
      boolean isLater =
          testimony.evidence() == Evidence.GRANTED || testimony.evidence() == Evidence.TAKEN_OVER;
      if (isLater) {
        grants.keep(testimony.path());
      }
      if (tenure.epoch() > epochs.highest(id)) {
        epochs.observe(id, tenure.epoch());
      }
    } catch (FailureException | RuntimeException e) {
      Action.traceback(e); // The record is what counts.
    }
  }

  private void tell(Volume copy, OwnershipRecord now) {
    switch (now.state()) {
      case SUPERSEDED -> tell(MessageType.VOLUME_SUPERSEDED, copy, now);
      case CONTESTED -> tell(MessageType.VOLUME_CONTESTED, copy, now);
      case OWNED, RELEASED -> {} // What was released here has come to its owner.
    }
  }

  private static void tell(MessageType type, Volume copy, OwnershipRecord now) {
    Action.message(
        type,
        Map.of(
            "volume", copy.id().toString(),
            "dataset", copy.dataset().name(),
            "owner", now.node().toString(),
            "epoch", now.epoch()));
  }

  /** Unmounts a copy, if possible. Its record is written in any case, and keeps it unmounted. */
  private void takeAway(Volume copy) {
    try {
      Optional<Dataset> there = storage.dataset(copy.dataset().name());
      if (there.isEmpty()) {
        return;
      }
      protect(there.get());
      if (there.get().isMounted()) {
        unmount(copy, there.get());
      }
    } catch (FailureException | RuntimeException e) {
      Action.traceback(e);
      leave(copy.id(), "it could not be unmounted yet: " + e.getMessage());
    }
  }

  private void protect(Dataset dataset) {
    try {
      storage.setReadonly(dataset.name(), true);
    } catch (FailureException | RuntimeException e) {
      Action.traceback(e); // Unmounted it cannot be written either.
    }
  }

  private void unmount(Volume copy, Dataset there) throws FailureException {
    Path mountpoint = there.mountpoint().orElseThrow();
    try {
      folders.unmount(copy.id(), mountpoint, () -> storage.unmount(there.name()));
    } catch (FailureException e) {
      if (e.failure() != StorageFailure.DATASET_BUSY) {
        throw e;
      }
      List<Holder> users = holders(mountpoint);
      leave(copy.id(), "it is still mounted, and in use by " + VolumeInUse.names(users));
      Action.message(
          MessageType.VOLUME_STILL_USED,
          Map.of(
              "volume", copy.id().toString(),
              "dataset", there.name(),
              "holders", VolumeInUse.names(users)));
      return;
    }
    catalog.events().fenced(copy);
    Action.message(
        MessageType.VOLUME_FENCED, Map.of("volume", copy.id().toString(), "dataset", there.name()));
  }

  private List<Holder> holders(Path mountpoint) {
    try {
      return holders.holders(mountpoint);
    } catch (IOException e) {
      Action.traceback(e);
      return List.of();
    }
  }

  private void leave(VolumeId id, String why) {
    Optional<Shown> shown = unfinished(id, Unfinished::shown);
    var _ = unfinished.put(id, new Unfinished(shown, why));
  }
}
