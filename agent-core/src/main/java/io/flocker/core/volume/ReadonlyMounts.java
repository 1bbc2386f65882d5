package io.flocker.core.volume;

import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which volumes of this node somebody has made read-only under their users, as {@code zfs set
 * atime=off} does, and {@code mount -o remount,ro}. Told once for each time. Any thread may ask,
 * one at a time looks.
 */
final class ReadonlyMounts {
  private final Map<VolumeId, String> datasets = new ConcurrentHashMap<>();

  /**
   * Takes these for all that are read-only now.
   *
   * @return those that were not before
   */
  List<VolumeHead> see(List<VolumeHead> readonly) {
    datasets.keySet().retainAll(readonly.stream().map(VolumeHead::id).toList());
    List<VolumeHead> fresh =
        readonly.stream()
            .filter(head -> datasets.putIfAbsent(head.id(), head.dataset()) == null)
            .toList();
    fresh.forEach(head ->
        Action.message(
            MessageType.VOLUME_READONLY,
            Map.of(
                "volume", head.id().toString(),
                "dataset", head.dataset(),
                "reason", reason(head.dataset()))));
    return fresh;
  }

  /** The datasets that were read-only at the last look, by volume. */
  Map<VolumeId, String> datasets() {
    return Map.copyOf(datasets);
  }

  boolean contains(VolumeId volume) {
    return datasets.containsKey(volume);
  }

  static String reason(String dataset) {
    return "it is mounted read-only, though this node owns it, and is about to be made writable"
        + " again; if it stays so, run zfs mount -o remount,rw "
        + dataset
        + " and see what is said";
  }
}
