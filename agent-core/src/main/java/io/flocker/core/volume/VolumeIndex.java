package io.flocker.core.volume;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.flocker.core.id.VolumeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which dataset each volume is, as far as this node has seen. A hint: whoever follows it checks
 * what he finds there. Any thread; asks nobody.
 */
final class VolumeIndex {
  /** A change, which a listing that began before it may have missed. */
  private record Change(String dataset, @Nullable VolumeHead head) {}

  private final Map<String, VolumeHead> heads = new LinkedHashMap<>();
  private final Map<VolumeId, Set<String>> byId = new HashMap<>();
  private final Map<VolumeName, Set<String>> byName = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private List<StrayDataset> strays = List.of();
  private int listings;
  private boolean isFilled;
  private boolean wasFilled;
  private int doubts;

  /** A listing of the pool that is under way. Closed without a result it changes nothing. */
  final class Listing implements AutoCloseable {
    private final int begun;
    private final int doubtsBefore;

    private Listing(int begun, int doubtsBefore) {
      this.begun = begun;
      this.doubtsBefore = doubtsBefore;
    }

    /** Knows what was listed, and what has changed since the listing began; nothing else. */
    void fill(Collection<VolumeHead> listed, Collection<StrayDataset> strayed) {
      synchronized (VolumeIndex.this) {
        Set<String> there = listed.stream().map(VolumeHead::dataset).collect(toUnmodifiableSet());
        strays = strayed.stream().map(stray -> stray.named(before(stray, there))).toList();
        heads.clear();
        byId.clear();
        byName.clear();
        listed.forEach(VolumeIndex.this::remember);
        changes.subList(begun, changes.size()).forEach(VolumeIndex.this::apply);
        isFilled = doubts == doubtsBefore;
        wasFilled = true;
      }
    }

    @Override
    public void close() {
      synchronized (VolumeIndex.this) {
        listings--;
        if (listings == 0) {
          changes.clear();
        }
      }
    }
  }

  /** A listing begins. */
  synchronized Listing list() {
    listings++;
    return new Listing(changes.size(), doubts);
  }

  /** Whether the pool was listed, and nothing was left in doubt since. */
  synchronized boolean isFilled() {
    return isFilled;
  }

  /** Whether the pool was listed once, whatever was left in doubt since. */
  synchronized boolean wasFilled() {
    return wasFilled;
  }

  /**
   * A change may have been made, or may yet be: the pool has to be listed again, by a listing that
   * begins after this.
   */
  synchronized void doubt() {
    doubts++;
    isFilled = false;
  }

  /** A dataset is there, or is another volume than before. */
  synchronized void put(VolumeHead head) {
    change(new Change(head.dataset(), head));
  }

  /** A dataset is gone. */
  synchronized void remove(String dataset) {
    change(new Change(dataset, null));
  }

  /** A dataset bears another name. */
  synchronized void rename(String dataset, String wanted) {
    VolumeHead head = heads.get(dataset);
    remove(dataset);
    if (head == null) {
      doubt();
    } else {
      put(head.renamed(wanted));
    }
  }

  /** All that are known, in the order in which they were found. */
  synchronized List<VolumeHead> all() {
    return List.copyOf(heads.values());
  }

  /** What the last listing found that bears a record, but not a volume's name. */
  synchronized List<StrayDataset> strays() {
    return strays;
  }

  /** What it was called when it was a volume; not what another dataset is called now. */
  private Optional<String> before(StrayDataset stray, Set<String> there) {
    return datasets(stray.volume()).stream()
        .filter(name -> !there.contains(name))
        .findFirst()
        .or(() ->
            strays.stream()
                .filter(known -> known.volume().equals(stray.volume()))
                .findFirst()
                .flatMap(StrayDataset::before));
  }

  /** The datasets that are this volume: one, or several that contest it. */
  synchronized Set<String> datasets(VolumeId id) {
    return Set.copyOf(byId.getOrDefault(id, Set.of()));
  }

  /** What is known of each of them. */
  synchronized List<VolumeHead> heads(VolumeId id) {
    return datasets(id).stream().map(heads::get).filter(Objects::nonNull).toList();
  }

  /** The datasets of that name's volumes. */
  synchronized Set<String> datasets(VolumeName name) {
    Set<String> found = new LinkedHashSet<>();
    byName.getOrDefault(name, Set.of()).forEach(dataset -> found.addAll(siblings(dataset)));
    return found;
  }

  /** A dataset, known or not, and those that are the same volume. */
  synchronized Set<String> siblings(String dataset) {
    Set<String> found = new LinkedHashSet<>(Set.of(dataset));
    VolumeHead head = heads.get(dataset);
    if (head != null) {
      found.addAll(byId.getOrDefault(head.id(), Set.of()));
    }
    return found;
  }

  private void change(Change change) {
    apply(change);
    if (listings > 0) {
      changes.add(change);
    }
  }

  private void apply(Change change) {
    forget(change.dataset());
    if (change.head() != null) {
      remember(change.head());
    }
  }

  private void remember(VolumeHead head) {
    heads.put(head.dataset(), head);
    byId.computeIfAbsent(head.id(), _ -> new LinkedHashSet<>()).add(head.dataset());
    byName.computeIfAbsent(head.name(), _ -> new LinkedHashSet<>()).add(head.dataset());
  }

  private void forget(String dataset) {
    VolumeHead head = heads.remove(dataset);
    if (head != null) {
      drop(byId, head.id(), dataset);
      drop(byName, head.name(), dataset);
    }
  }

  private static <K> void drop(Map<K, Set<String>> index, K key, String dataset) {
    index.computeIfPresent(
        key,
        (_, datasets) -> {
          datasets.remove(dataset);
          return datasets.isEmpty() ? null : datasets;
        });
  }
}
