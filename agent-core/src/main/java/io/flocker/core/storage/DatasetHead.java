package io.flocker.core.storage;

import io.flocker.core.id.Guid;
import java.util.Optional;

/**
 * What says which dataset it is, and whose: the part of a {@link Dataset} that a whole pool can be
 * asked for in a moment, however many snapshots there are.
 *
 * @param name full name, pool included
 * @param guid its own guid
 * @param record the ownership record, only if it is not void
 * @param isRecordUnreadable whether it bears a local record that this version cannot read
 * @param origin full name of the snapshot that it is a clone of
 */
public record DatasetHead(
    String name,
    Guid guid,
    Optional<OwnershipRecord> record,
    boolean isRecordUnreadable,
    Optional<String> origin) {
  /** The last component of the name. */
  public String basename() {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
