package io.flocker.core.notify;

import java.util.Map;

/** How all that may be told of stands now. Any thread; asks neither ZFS nor a peer. */
@FunctionalInterface
public interface Standings {
  /**
   * What was seen.
   *
   * @param areCopiesKnown whether a copy that is not among them is none any more
   * @param areVolumesKnown the same of volumes
   */
  record Seen(Map<Subject, Standing> all, boolean areCopiesKnown, boolean areVolumesKnown) {
    boolean isGone(Subject subject) {
      return !all.containsKey(subject)
          && (subject.peer().isPresent() ? areCopiesKnown : areVolumesKnown);
    }
  }

  Seen now();
}
