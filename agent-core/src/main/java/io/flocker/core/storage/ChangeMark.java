package io.flocker.core.storage;

import java.util.OptionalLong;

/**
 * What tells of a dataset that it was written to.
 *
 * @param referencedBytes of its content; another figure than before means that it was written to
 * @param writtenBytes since its last snapshot; empty where this ZFS does not count them
 */
public record ChangeMark(long referencedBytes, OptionalLong writtenBytes) {
  /**
   * Whether it was written to. Another program's snapshot takes what was written out of the count,
   * and a rollback leaves nothing to be counted: either shows in the content.
   *
   * @param before the mark of an earlier look
   */
  public boolean tellsOfWriting(ChangeMark before) {
    return writtenBytes.orElse(0) > 0 || referencedBytes != before.referencedBytes;
  }
}
