package io.flocker.core.volume;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.MessageType;
import io.flocker.core.storage.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Mounts what this node owns, beside the serving: after the daemon's start, and when a mount has
 * been lost, as all are with the pool. A few at once, as far as ZFS bears it, each with the volume
 * alone; what fails is tried again, ever less often. Any thread may ask how a volume stands; one
 * thread at a time works.
 */
public final class VolumeMounter {
  /** Half of the commands that may run at once: the others are for those who ask. */
  private static final int AT_ONCE = 8;

  private static final String UNFORESEEN =
      "it could not be mounted, for a reason that the node's log tells";

  private final Storage storage;
  private final VolumeCatalog catalog;
  private final LocalNode home;
  private final VolumeLocks locks;
  private final Clearance clearance;
  private final BareFolders folders;
  private final Fencing fencing;
  private final ReadonlyMounts readonly = new ReadonlyMounts();
  private final WantedMounts wanted = new WantedMounts();

  /** Why nobody has mounted what was given away, in order: the peer has not taken it. */
  private final Map<VolumeId, String> untaken = new LinkedHashMap<>();

  /** What this node owned at its start is wanted by now. */
  private volatile boolean isFilled;

  private volatile boolean isRecalled;

  /** Mounts the volumes of {@code catalog} at {@code home}. */
  VolumeMounter(
      Storage storage,
      VolumeCatalog catalog,
      LocalNode home,
      VolumeLocks locks,
      Clearance clearance,
      BareFolders folders,
      Fencing fencing) {
    this.folders = folders;
    this.fencing = fencing;
    this.storage = storage;
    this.catalog = catalog;
    this.home = home;
    this.locks = locks;
    this.clearance = clearance;
  }

  /** How a volume stands. */
  public MountStatus status(Volume volume) {
    if (volume.dataset().isMounted()) {
      return new MountStatus(
          MountStatus.State.MOUNTED,
          fencing
              .unfinished(volume.id())
              .or(() -> fencing.unconfirmed(volume))
              .or(() -> reasonOfReadonly(volume.id(), volume.dataset().name()))
              .or(() -> volume.dataset().mountpoint().flatMap(folders::note)));
    }
    return switch (volume.role()) {
      case OWNER -> statusOfOwned(volume.id());
      case RELEASED -> statusOfReleased(volume.id());
      case REPLICA, CONTESTED, SUPERSEDED -> MountStatus.UNMOUNTED;
    };
  }

  private Optional<String> reasonOfReadonly(VolumeId volume, String dataset) {
    return readonly.contains(volume)
        ? Optional.of(whyNotWritable(volume).orElseGet(() -> ReadonlyMounts.reason(dataset)))
        : Optional.empty();
  }

  /** What has kept what is mounted read-only from being made writable so far. */
  private Optional<String> whyNotWritable(VolumeId volume) {
    return wanted
        .status(volume)
        .flatMap(MountStatus::reason)
        .map(why -> "it is mounted read-only, and not made writable again yet: " + why);
  }

  private synchronized MountStatus statusOfReleased(VolumeId volume) {
    return new MountStatus(MountStatus.State.UNMOUNTED, Optional.ofNullable(untaken.get(volume)));
  }

  private MountStatus statusOfOwned(VolumeId volume) {
    // Read first: else what is wanted in between would be told as wanted by nobody.
    MountStatus otherwise = isFilled ? MountStatus.UNMOUNTED : MountStatus.MOUNTING;
    return wanted.status(volume).orElse(otherwise);
  }

  /**
   * Unmounts a volume for an operation that has it alone. The folder that it was mounted on goes
   * with it, if this node owns the volume: a writer that goes on shall fail, not fill the root
   * disk.
   *
   * @param mountpoint where it is mounted
   * @throws FailureException {@code DATASET_BUSY} while a process uses it
   */
  public void unmount(Volume volume, Path mountpoint) throws FailureException {
    AllOrNothing.Step unmounting = () -> storage.unmount(volume.dataset().name());
    if (volume.role() == Role.OWNER) {
      folders.unmount(volume.id(), mountpoint, unmounting);
    } else {
      unmounting.run();
    }
  }

  /**
   * Mounts a volume writable again that an operation has unmounted, or has tried to. Where that
   * fails this goes on trying, by itself.
   *
   * @param volume as it was read before
   */
  public void mountAgain(Volume volume, Path mountpoint) throws FailureException {
    try {
      folders.clear(volume.id(), mountpoint);
      catalog.records().mountWritable(volume.id(), volume.dataset().name(), mountpoint);
    } catch (FailureException | RuntimeException e) {
      String why = e instanceof FailureException known ? known.detail() : UNFORESEEN;
      want(volume.id(), why);
      throw e;
    }
    settle(volume.id());
  }

  /**
   * From now on a volume is to be mounted as soon as nobody has it for himself.
   *
   * @param why it is not mounted now, for people
   */
  public void want(VolumeId volume, String why) {
    wanted.put(volume, MountStatus.failed(why));
  }

  /** From now on a volume that has come to this node is to be mounted. */
  public void want(VolumeId volume) {
    wanted.put(volume, MountStatus.MOUNTING);
  }

  /** Why what should be mounted is not, by volume, in order; empty if all is well. */
  public Map<VolumeId, String> failed() {
    return reasons(MountStatus.State.FAILED);
  }

  /** Whose word is missing of what is not mounted before, by volume, in order. */
  public Map<VolumeId, String> unconfirmed() {
    return reasons(MountStatus.State.UNCONFIRMED);
  }

  private Map<VolumeId, String> reasons(MountStatus.State state) {
    Map<VolumeId, String> reasons = wanted.reasons(state);
    reasons.keySet().removeAll(readonly.datasets().keySet());
    return reasons;
  }

  /**
   * The peer that a volume was released to has not taken it: nobody can write it until it does.
   *
   * @param why for people, with what they have to do about it
   */
  public void untaken(Volume volume, String why) {
    boolean isNew;
    synchronized (this) {
      isNew = !why.equals(untaken.put(volume.id(), why));
    }
    if (isNew) {
      catalog.events().changed(volume);
    }
  }

  /** The peer has taken the volume, or it is given to nobody any more. */
  public synchronized void taken(VolumeId volume) {
    var _ = untaken.remove(volume);
  }

  /** Why what was given away is nobody's yet, by volume, in order; empty if all is well. */
  public synchronized Map<VolumeId, String> untaken() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(untaken));
  }

  /** From now on every volume that this node is known to own is to be mounted. */
  public void wantAll() throws FailureException {
    if (!isRecalled) {
      folders.recall(home.mountRoot());
      isRecalled = true;
    }
    fencing.recall();
    catalog.known().stream()
        .filter(head -> head.role() == Role.OWNER)
        .forEach(head -> want(head.id()));
    isFilled = true;
  }

  /**
   * From now on what this node owns is to be mounted if it is not, but for what somebody has for
   * himself, to move it or to roll it back: the next look comes to that.
   *
   * @param mounted full names of the datasets that are mounted
   * @return whether there is any that was not wanted before
   */
  boolean wantMissing(Set<String> mounted) throws FailureException {
    List<VolumeHead> known = catalog.known();
    // What is not this node's any more is not mounted here again: its folder need not be watched.
    known.stream()
        .filter(head -> head.role() != Role.OWNER || mounted.contains(head.dataset()))
        .filter(head -> !locks.isOwned(head.id()))
        .forEach(head -> folders.mounted(head.id()));
    folders.retain(known.stream().map(VolumeHead::id).toList());
    fencing.watch(known, mounted);
    List<VolumeHead> missing =
        known.stream()
            .filter(head -> head.role() == Role.OWNER && !mounted.contains(head.dataset()))
            .filter(head -> !locks.isOwned(head.id()))
            .toList();
    List<VolumeId> released =
        known.stream().filter(head -> head.role() == Role.RELEASED).map(VolumeHead::id).toList();
    synchronized (this) {
      untaken.keySet().retainAll(released);
    }
    return wanted.add(missing);
  }

  /**
   * From now on what this node owns and somebody has made read-only is to be made writable, but for
   * what somebody has for himself. Where that is said to succeed, and changes nothing, it is tried
   * again ten minutes later: the volume's status says so until it is writable.
   *
   * @param datasets full names of the datasets that are mounted read-only
   */
  void wantWritable(Set<String> datasets) throws FailureException {
    // Who has a volume alone makes it read-only on purpose.
    List<VolumeHead> known = datasets.isEmpty() ? List.of() : catalog.known();
    List<VolumeHead> found =
        known.stream()
            .filter(head -> head.role() == Role.OWNER && datasets.contains(head.dataset()))
            .filter(head -> !locks.isOwned(head.id()))
            .toList();
    Set<VolumeId> writable = new HashSet<>(readonly.datasets().keySet());
    found.forEach(head -> writable.remove(head.id()));
    List<VolumeHead> fresh = readonly.see(found);
    // Somebody has done it by hand; what is unmounted since is found missing at the next look.
    wanted.removeAll(writable);
    boolean _ = wanted.add(fresh);
    wanted.addForMuchLater(found);
  }

  /** Why what is mounted cannot be written, by volume; empty if all is well. */
  public Map<VolumeId, String> unwritable() {
    Map<VolumeId, String> reasons = new LinkedHashMap<>();
    readonly
        .datasets()
        .forEach(
            (id, dataset) -> reasonOfReadonly(id, dataset).ifPresent(why -> reasons.put(id, why)));
    return reasons;
  }

  /** Goes on taking away what this node was put out of. */
  void finishFencing() throws FailureException {
    boolean _ = fencing.finish();
  }

  /** Whether anything is to be mounted, now or later. */
  boolean hasWanted() {
    return !wanted.isEmpty();
  }

  /**
   * Tries what is due to be mounted, once each. What cannot be mounted is logged and does not stop
   * the others.
   *
   * @return whether anything is left to be mounted later
   */
  public boolean mountWanted() throws FailureException, InterruptedException {
    Queue<VolumeHead> due =
        new ConcurrentLinkedQueue<>(wanted.due(catalog.known(), home::mountpoint));
    List<Thread> workers = new ArrayList<>();
    try {
      for (int i = 0; i < Math.min(AT_ONCE, due.size()); i++) {
        workers.add(Thread.ofVirtual().name("mount-" + i).start(() -> work(due)));
      }
      for (Thread worker : workers) {
        worker.join();
      }
    } catch (InterruptedException e) {
      due.clear();
      workers.forEach(Thread::interrupt);
      throw e;
    }
    return hasWanted();
  }

  private void work(Queue<VolumeHead> due) {
    for (VolumeHead head = due.poll(); head != null; head = due.poll()) {
      try {
        Volume volume = catalog.requireOwned(head.id());
        Optional<String> objection = clearance.objection(volume);
        if (objection.isEmpty()) {
          mount(volume);
        } else {
          // What the peer said may have made it somebody else's.
          put(catalog.requireOwned(head.id()).id(), MountStatus.unconfirmed(objection.get()));
        }
      } catch (FailureException e) {
        settle(head.id(), e);
      } catch (RuntimeException e) {
        Action.traceback(e);
        put(head.id(), MountStatus.failed(UNFORESEEN));
      }
    }
  }

  private void mount(Volume cleared) throws FailureException {
    try (VolumeLocks.Lease _ = locks.ownBriefly(cleared.id(), "mount")) {
      Volume volume = catalog.requireOwned(cleared.id());
      if (volume.epoch() == cleared.epoch()) {
        mountWritable(volume);
      }
    }
  }

  private void mountWritable(Volume volume) throws FailureException {
    Path mountpoint = home.mountpoint(volume.name());
    var _ =
        Action.start(
                ActionType.VOLUME_MOUNT,
                Map.of("volume", volume.id().toString(), "mountpoint", mountpoint.toString()))
            .call(() -> {
              folders.clear(volume.id(), mountpoint);
              catalog.records().mountWritable(volume.id(), volume.dataset().name(), mountpoint);
              return true;
            });
    settle(volume.id());
    catalog.events().changed(volume);
  }

  private void settle(VolumeId mounted) {
    folders.mounted(mounted);
    wanted.remove(mounted);
  }

  private void settle(VolumeId id, FailureException why) {
    Failure failure = why.failure();
    if (failure == OwnershipFailure.NOT_OWNER
        || failure == OwnershipFailure.CONTESTED
        || failure == OwnershipFailure.SUPERSEDED
        || failure == OwnershipFailure.VOLUME_NOT_FOUND) {
      wanted.remove(id);
    } else if (failure == OwnershipFailure.VOLUME_LOCKED
        || failure == StorageFailure.POOL_UNAVAILABLE) {
      wanted.waits(id, why.detail());
    } else {
      put(id, MountStatus.failed(why.detail()));
    }
  }

  private void put(VolumeId id, MountStatus status) {
    boolean isNews = wanted.failed(id, status);
    if (isNews && status.state() == MountStatus.State.UNCONFIRMED) {
      Action.message(
          MessageType.VOLUME_WAITS,
          Map.of("volume", id.toString(), "reason", status.reason().orElse("")));
    }
  }
}
