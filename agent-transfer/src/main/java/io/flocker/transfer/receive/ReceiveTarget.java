package io.flocker.transfer.receive;

import io.flocker.core.id.Guid;
import io.flocker.core.plan.SnapshotReference;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.stream.StreamExpectation;
import io.flocker.core.transfer.TransferPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where an announced stream will land.
 *
 * @param dataset full name
 * @param latest the copy's newest snapshot before the stream, as it is named then; empty where the
 *     stream makes the copy
 * @param isFit whether nothing that was set by hand could keep the stream out of the copy
 * @param isCut whether what a cut receive has left goes first
 * @param renamed by their old names, the copy's snapshots that make way first for others which bear
 *     these names at the owner by now: ZFS receives nothing under a name that is taken
 * @param rawRefusal see {@link StreamExpectation}
 */
record ReceiveTarget(
    String dataset,
    Optional<Snapshot> latest,
    boolean isFit,
    boolean isCut,
    Map<String, String> renamed,
    Optional<String> rawRefusal) {
  private static final int LONGEST_NAME = 255; // ZFS_MAX_DATASET_NAME_LEN less the final NUL

  /** Where nothing is. */
  static ReceiveTarget first(String dataset) {
    return new ReceiveTarget(dataset, Optional.empty(), true, false, Map.of(), Optional.empty());
  }

  /** A copy that is here. */
  static ReceiveTarget upon(Dataset copy) {
    boolean isFit = copy.isSealed() && copy.quotaBytes() == 0 && copy.isReadonly();
    return new ReceiveTarget(copy.name(), copy.latest(), isFit, false, Map.of(), Optional.empty());
  }

  /** The same, where a cut receive has left something that this stream does not resume. */
  ReceiveTarget afterCut() {
    return new ReceiveTarget(dataset, latest, isFit, true, renamed, rawRefusal);
  }

  /** The same, which takes no encrypted blocks. */
  ReceiveTarget refusingRaw(String why) {
    return new ReceiveTarget(dataset, latest, isFit, isCut, renamed, Optional.of(why));
  }

  /** What the records of a stream have to say that lands here. */
  StreamExpectation expecting(TransferPlan plan) {
    StreamExpectation expectation = plan.expectation();
    return rawRefusal.map(expectation::refusingRaw).orElse(expectation);
  }

  /**
   * The same, for a stream that brings {@code news}. Whoever destroys a snapshot and takes another
   * one of that name has both on {@code copy}; the older one is kept, with its guid in its name.
   */
  ReceiveTarget bringing(List<SnapshotReference> news, Dataset copy) {
    Map<String, Guid> names =
        news.stream()
            .collect(
                Collectors.toMap(
                    SnapshotReference::name, SnapshotReference::guid, (first, _) -> first));
    Map<String, String> makingWay =
        copy.snapshots().stream()
            .filter(held -> !held.guid().equals(names.getOrDefault(held.name(), held.guid())))
            .collect(Collectors.toUnmodifiableMap(Snapshot::name, this::replaced));
    Optional<Snapshot> tip = latest.map(held -> named(held, makingWay));
    return new ReceiveTarget(dataset, tip, isFit, isCut, makingWay, rawRefusal);
  }

  /** As much of its name as there is room for; its guid keeps it unique. */
  private String replaced(Snapshot held) {
    String suffix = ".replaced-" + held.guid();
    int room = LONGEST_NAME - dataset.length() - 1 - suffix.length();
    return held.name().substring(0, Math.min(room, held.name().length())) + suffix;
  }

  private static Snapshot named(Snapshot held, Map<String, String> names) {
    String name = names.getOrDefault(held.name(), held.name());
    return new Snapshot(name, held.guid(), held.createtxg(), held.creation());
  }
}
