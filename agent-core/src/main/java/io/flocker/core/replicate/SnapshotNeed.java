package io.flocker.core.replicate;

import io.flocker.core.id.Guid;
import java.util.function.Predicate;

/** What a push of a copy asks and tells of the snapshot that it may take. Any thread. */
public interface SnapshotNeed {
  /**
   * Whether the last one does not do: something was seen to be written since, or it is gone. Asked
   * when one could be taken.
   *
   * @param isThere whether the volume has a snapshot now
   */
  boolean isNewOneDue(Predicate<Guid> isThere);

  /**
   * One was taken.
   *
   * @param snapshot the newest that the volume has with it
   * @param referencedBytes what the dataset referred to then
   */
  void taken(Guid snapshot, long referencedBytes);
}
