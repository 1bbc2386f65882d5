package io.flocker.core.replicate;

/** What a push of a copy asks and tells of the snapshot that it may take. Any thread. */
public interface SnapshotNeed {
  /** Whether anything was seen to be written since the last one; asked when one could be taken. */
  boolean mayBeWritten();

  /**
   * One was taken.
   *
   * @param referencedBytes what the dataset referred to then
   */
  void taken(long referencedBytes);
}
