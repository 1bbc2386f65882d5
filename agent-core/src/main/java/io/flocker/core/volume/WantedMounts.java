package io.flocker.core.volume;

import io.flocker.core.id.VolumeId;
import io.flocker.core.retry.Pauses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which volumes of this node are to be mounted, when each is tried next, and what kept it from
 * being mounted so far. Any thread.
 */
final class WantedMounts {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private record Wanted(MountStatus status, long notBeforeNanos, int failures) {
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

  private final Map<VolumeId, Wanted> wanted = new LinkedHashMap<>();

  /** At once, whatever was known of it. */
  synchronized void put(VolumeId volume, MountStatus status) {
    wanted.put(volume, Wanted.now(status));
  }

  /**
   * Adds what is not wanted yet, to be mounted at once.
   *
   * @return whether there was any
   */
  synchronized boolean add(Collection<VolumeHead> missing) {
    boolean isNew = false;
    for (VolumeHead head : missing) {
      isNew |= wanted.putIfAbsent(head.id(), Wanted.now(MountStatus.MOUNTING)) == null;
    }
    return isNew;
  }

  /** Adds what is not wanted yet, to be looked at in ten minutes. */
  synchronized void addForMuchLater(Collection<VolumeHead> unsettled) {
    unsettled.forEach(head -> wanted.putIfAbsent(head.id(), Wanted.muchLater()));
  }

  synchronized void remove(VolumeId volume) {
    wanted.remove(volume);
  }

  synchronized void removeAll(Collection<VolumeId> volumes) {
    wanted.keySet().removeAll(volumes);
  }

  synchronized boolean isEmpty() {
    return wanted.isEmpty();
  }

  /** How a volume stands that is to be mounted; empty for any other. */
  synchronized Optional<MountStatus> status(VolumeId volume) {
    return Optional.ofNullable(wanted.get(volume)).map(Wanted::status);
  }

  /** Why volumes are in a state, by volume, in the order in which they were wanted. */
  synchronized Map<VolumeId, String> reasons(MountStatus.State state) {
    Map<VolumeId, String> reasons = new LinkedHashMap<>();
    wanted.forEach((id, one) -> {
      if (one.status().state() == state) {
        reasons.put(id, one.status().reason().orElse(""));
      }
    });
    return reasons;
  }

  /**
   * What is to be tried now. Of several that would be mounted at one place only the first is tried;
   * what this node does not own any more is forgotten.
   *
   * @param known all volumes of this node
   */
  synchronized List<VolumeHead> due(
      List<VolumeHead> known, Function<VolumeName, Path> mountpoints) {
    List<VolumeHead> due = new ArrayList<>();
    Map<Path, VolumeId> taken = new HashMap<>();
    for (VolumeHead head : known) {
      if (head.role() == Role.OWNER) {
        VolumeId first = taken.putIfAbsent(mountpoints.apply(head.name()), head.id());
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
    return due;
  }

  /** What somebody has for himself, or whose pool is away, is tried at each look. */
  synchronized void waits(VolumeId volume, String why) {
    MountStatus known = status(volume).orElse(MountStatus.MOUNTING);
    boolean isTold = known.reason().isPresent();
    wanted.put(volume, Wanted.now(isTold ? known : MountStatus.mounting(why)));
  }

  /**
   * Takes down what kept a volume from being mounted. What waits for a peer is asked for again
   * soon; what fails as it did before, ever later.
   *
   * @return whether that is news
   */
  synchronized boolean failed(VolumeId volume, MountStatus status) {
    Wanted before = wanted.getOrDefault(volume, Wanted.now(MountStatus.MOUNTING));
    boolean isNew = !before.status().equals(status);
    boolean isUnconfirmed = status.state() == MountStatus.State.UNCONFIRMED;
    Wanted base = isNew || isUnconfirmed ? Wanted.now(MountStatus.MOUNTING) : before;
    wanted.put(volume, base.later(status));
    return isNew;
  }
}
