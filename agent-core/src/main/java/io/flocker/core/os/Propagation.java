package io.flocker.core.os;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which mounts vanish when one is unmounted: those at the same place of every mount that is a peer
 * or a slave of the one that it is mounted on; see "Shared subtrees" in mount_namespaces(7). A bind
 * mount of the same file system at another place stays.
 */
final class Propagation {
  /** Peer groups, and the groups whose slaves they are. */
  private final Map<Integer, Integer> masters = new HashMap<>();

  /** The propagation among the mounts of {@code tables}: all namespaces that there are. */
  Propagation(Collection<MountTable> tables) {
    for (MountTable table : tables) {
      for (MountLine mount : table.mounts()) {
        if (mount.shared().isPresent() && mount.master().isPresent()) {
          masters.put(mount.shared().getAsInt(), mount.master().getAsInt());
        }
      }
    }
  }

  /** Whether what is mounted at {@code place} vanishes with what is mounted at {@code origin}. */
  boolean reaches(MountTable.Place origin, MountTable.Place place) {
    return origin.path().equals(place.path())
        && origin.parent().shared().isPresent()
        && follows(place.parent(), origin.parent().shared().getAsInt());
  }

  private boolean follows(MountLine mount, int origin) {
    Set<Integer> seen = new HashSet<>();
    OptionalInt group = mount.shared().isPresent() ? mount.shared() : mount.master();
    while (group.isPresent() && seen.add(group.getAsInt())) {
      if (group.getAsInt() == origin) {
        return true;
      }
      Integer master = masters.get(group.getAsInt());
      group = master == null ? OptionalInt.empty() : OptionalInt.of(master);
    }
    return false;
  }
}
