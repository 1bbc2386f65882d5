package io.flocker.core.storage;

import io.flocker.core.id.Guid;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One dataset of a {@link FakeStorage}, which guards it. */
final class FakeDataset {
  final String name;
  final Guid guid;
  final Map<String, Snapshot> snapshots = new LinkedHashMap<>();
  final Map<String, Bookmark> bookmarks = new LinkedHashMap<>();
  final Map<String, Set<String>> holds = new LinkedHashMap<>();
  Optional<OwnershipRecord> record = Optional.empty();
  Optional<Path> mountpoint = Optional.empty();
  Optional<String> resumeToken = Optional.empty();
  Optional<String> origin = Optional.empty();
  boolean isMounted;
  boolean isReadonly = true;
  boolean isAutomountForbidden;
  boolean hasChildren;
  boolean isBusy;
  long quotaBytes;
  OptionalLong keptQuotaBytes = OptionalLong.empty();
  long referencedBytes;

  FakeDataset(String name, Guid guid) {
    this.name = name;
    this.guid = guid;
  }

  /** The same dataset under another name. */
  FakeDataset renamed(String wanted) {
    FakeDataset copy = new FakeDataset(wanted, guid);
    copy.snapshots.putAll(snapshots);
    copy.bookmarks.putAll(bookmarks);
    copy.holds.putAll(holds);
    copy.record = record;
    copy.mountpoint = mountpoint;
    copy.resumeToken = resumeToken;
    copy.isReadonly = isReadonly;
    copy.isAutomountForbidden = isAutomountForbidden;
    copy.quotaBytes = quotaBytes;
    copy.keptQuotaBytes = keptQuotaBytes;
    copy.properties.putAll(properties);
    copy.referencedBytes = referencedBytes;
    copy.origin = origin;
    return copy;
  }

  boolean isRecordUnreadable;
  final Map<String, String> properties = new TreeMap<>();

  Set<String> holdsOf(String snapshot) {
    return holds.computeIfAbsent(snapshot, _ -> new TreeSet<>());
  }

  boolean isHeld() {
    return holds.values().stream().anyMatch(tags -> !tags.isEmpty());
  }

  /** All that is known of it, to be compared. */
  String state() {
    Map<String, Set<String>> held = new TreeMap<>(holds);
    held.values().removeIf(Set::isEmpty);
    return view()
        + " holds "
        + held
        + " properties "
        + properties
        + " canmount "
        + (isAutomountForbidden ? "noauto" : "on");
  }

  Dataset view() {
    return new Dataset(
        name,
        guid,
        record,
        isMounted,
        mountpoint,
        isReadonly,
        hasChildren ? List.of(name + "/child") : List.of(),
        referencedBytes,
        referencedBytes,
        quotaBytes,
        resumeToken,
        List.copyOf(snapshots.values()),
        List.copyOf(bookmarks.values()),
        isRecordUnreadable,
        origin,
        keptQuotaBytes,
        properties.entrySet().stream()
            .filter(set -> VolumeProperties.INHERITABLE.contains(set.getKey()))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)));
  }
}
