package io.flocker.core.volume;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.log.MessageType;
import io.flocker.core.retry.Pauses;
import io.flocker.core.storage.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /** A volume that is to be mounted. */
  private record Wanted(MountStatus status, long notBeforeNanos, int failures) {
    static Wanted now() {
      return now(MountStatus.MOUNTING);
    }

    static Wanted now(MountStatus status) {
      return new Wanted(status, System.nanoTime(), 0);
    }

    static Wanted muchLater() {
      return new Wanted(MountStatus.MOUNTING, System.nanoTime() + LONGEST_PAUSE.toNanos(), 0);
    }

    boolean isDue() {
      return System.nanoTime() - notBeforeNanos >= 0;
    }

    Wanted later(MountStatus why) {
      Duration pause = Pauses.after(failures + 1, FIRST_PAUSE, LONGEST_PAUSE);
      return new Wanted(why, System.nanoTime() + pause.toNanos(), failures + 1);
    }
  }

  private final Storage storage;
  private final VolumeCatalog catalog;
  private final LocalNode home;
  private final VolumeLocks locks;
  private final Clearance clearance;
  private final BareFolders folders;
  private final Fencing fencing;
  private final ReadonlyMounts readonly = new ReadonlyMounts();
  private final Map<VolumeId, Wanted> wanted = new LinkedHashMap<>();

  /** Why nobody has mounted what was given away, in order: the peer has not taken it. */
  private final Map<VolumeId, String> untaken = new LinkedHashMap<>();

  private boolean isFilled;
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
      case OWNER -> statusOfOwned(volume);
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
  private synchronized Optional<String> whyNotWritable(VolumeId volume) {
    return Optional.ofNullable(wanted.get(volume))
        .flatMap(one -> one.status().reason())
        .map(why -> "it is mounted read-only, and not made writable again yet: " + why);
  }

  private synchronized MountStatus statusOfReleased(VolumeId volume) {
    return new MountStatus(MountStatus.State.UNMOUNTED, Optional.ofNullable(untaken.get(volume)));
  }

  private synchronized MountStatus statusOfOwned(Volume volume) {
    Wanted known = wanted.get(volume.id());
    if (known != null) {
      return known.status();
    }
    return isFilled ? MountStatus.UNMOUNTED : MountStatus.MOUNTING;
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
  public synchronized void want(VolumeId volume, String why) {
    wanted.put(volume, Wanted.now(MountStatus.failed(why)));
  }

  /** From now on a volume that has come to this node is to be mounted. */
  public synchronized void want(VolumeId volume) {
    wanted.put(volume, Wanted.now());
  }

  /** Why what should be mounted is not, by volume, in order; empty if all is well. */
  public Map<VolumeId, String> failed() {
    return reasons(MountStatus.State.FAILED);
  }

  /** Whose word is missing of what is not mounted before, by volume, in order. */
  public Map<VolumeId, String> unconfirmed() {
    return reasons(MountStatus.State.UNCONFIRMED);
  }

  private synchronized Map<VolumeId, String> reasons(MountStatus.State state) {
    Map<VolumeId, String> reasons = new LinkedHashMap<>();
    wanted.forEach((id, one) -> {
      if (one.status().state() == state && !readonly.contains(id)) {
        reasons.put(id, one.status().reason().orElse(""));
      }
    });
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
    List<VolumeHead> known = catalog.known();
    synchronized (this) {
      known.stream()
          .filter(head -> head.role() == Role.OWNER)
          .forEach(head -> wanted.put(head.id(), Wanted.now()));
      isFilled = true;
    }
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
    boolean isNew = false;
    synchronized (this) {
      boolean _ =
          untaken
              .keySet()
              .retainAll(
                  known.stream()
                      .filter(head -> head.role() == Role.RELEASED)
                      .map(VolumeHead::id)
                      .toList());
      for (VolumeHead head : missing) {
        isNew |= wanted.putIfAbsent(head.id(), Wanted.now()) == null;
      }
    }
    return isNew;
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
    synchronized (this) {
      // Somebody has done it by hand; what is unmounted since is found missing at the next look.
      wanted.keySet().removeAll(writable);
      fresh.forEach(head -> wanted.putIfAbsent(head.id(), Wanted.now()));
      found.forEach(head -> wanted.putIfAbsent(head.id(), Wanted.muchLater()));
    }
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
  synchronized boolean hasWanted() {
    return !wanted.isEmpty();
  }

  /**
   * Tries what is due to be mounted, once each. What cannot be mounted is logged and does not stop
   * the others.
   *
   * @return whether anything is left to be mounted later
   */
  public boolean mountWanted() throws FailureException, InterruptedException {
    Queue<VolumeHead> due = new ConcurrentLinkedQueue<>(due());
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

  /** Of several volumes that would be mounted at one place only the first is tried. */
  private List<VolumeHead> due() throws FailureException {
    List<VolumeHead> due = new ArrayList<>();
    Map<Path, VolumeId> taken = new HashMap<>();
    List<VolumeHead> known = catalog.known();
    synchronized (this) {
      for (VolumeHead head : known) {
        if (head.role() == Role.OWNER) {
          VolumeId first = taken.putIfAbsent(home.mountpoint(head.name()), head.id());
          Wanted one = wanted.get(head.id());
          if (one != null && one.isDue() && first == null) {
            due.add(head);
          } else if (one != null && first != null) {
            wanted.put(
                head.id(),
                one.later(MountStatus.failed("volume " + first + " has the same mountpoint")));
          }
        }
      }
      wanted.keySet().retainAll(known.stream().map(VolumeHead::id).toList());
      // An operation that was at work when this node was put out wants its volume back in vain.
      known.stream()
          .filter(head -> head.role() == Role.SUPERSEDED || head.role() == Role.CONTESTED)
          .forEach(head -> wanted.remove(head.id()));
    }
    return due;
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
    synchronized (this) {
      wanted.remove(mounted);
    }
  }

  private void settle(VolumeId id, FailureException why) {
    Failure failure = why.failure();
    if (failure == OwnershipFailure.NOT_OWNER
        || failure == OwnershipFailure.CONTESTED
        || failure == OwnershipFailure.SUPERSEDED
        || failure == OwnershipFailure.VOLUME_NOT_FOUND) {
      synchronized (this) {
        wanted.remove(id);
      }
    } else if (failure == OwnershipFailure.VOLUME_LOCKED
        || failure == StorageFailure.POOL_UNAVAILABLE) {
      synchronized (this) {
        MountStatus known = wanted.getOrDefault(id, Wanted.now()).status();
        boolean isTold = known.reason().isPresent();
        wanted.put(id, Wanted.now(isTold ? known : MountStatus.mounting(why.detail())));
      }
    } else {
      put(id, MountStatus.failed(why.detail()));
    }
  }

  /** What waits for a peer is asked for again soon; what fails as it did before, ever later. */
  private synchronized void put(VolumeId id, MountStatus status) {
    Wanted before = wanted.getOrDefault(id, Wanted.now());
    boolean isNew = !before.status().equals(status);
    boolean isUnconfirmed = status.state() == MountStatus.State.UNCONFIRMED;
    wanted.put(id, (isNew || isUnconfirmed ? Wanted.now() : before).later(status));
    if (isUnconfirmed && isNew) {
      Action.message(
          MessageType.VOLUME_WAITS,
          Map.of("volume", id.toString(), "reason", status.reason().orElse("")));
    }
  }
}
