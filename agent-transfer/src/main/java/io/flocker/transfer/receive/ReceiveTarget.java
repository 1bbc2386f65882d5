package io.flocker.transfer.receive;

import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import java.util.Optional;

/**
 * Where an announced stream will land.
 *
 * @param dataset full name
 * @param latest the copy's newest snapshot before the stream; empty where the stream makes the copy
 * @param isFit whether nothing that was set by hand could keep the stream out of the copy
 * @param isCut whether what a cut receive has left goes first
 */
record ReceiveTarget(String dataset, Optional<Snapshot> latest, boolean isFit, boolean isCut) {
  /** Where nothing is. */
  static ReceiveTarget first(String dataset) {
    return new ReceiveTarget(dataset, Optional.empty(), true, false);
  }

  /** A copy that is here. */
  static ReceiveTarget upon(Dataset copy) {
    boolean isFit = copy.isSealed() && copy.quotaBytes() == 0 && copy.isReadonly();
    return new ReceiveTarget(copy.name(), copy.latest(), isFit, false);
  }

  /** The same, where a cut receive has left something that this stream does not resume. */
  ReceiveTarget afterCut() {
    return new ReceiveTarget(dataset, latest, isFit, true);
  }
}
