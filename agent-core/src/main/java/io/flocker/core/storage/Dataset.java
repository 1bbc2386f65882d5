package io.flocker.core.storage;

import io.flocker.core.id.Guid;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A dataset of the pool and all that one listing tells about it.
 *
 * @param name full name, pool included
 * @param guid its own guid, not that of a snapshot
 * @param record the ownership record, only if it is not void; see {@link OwnershipRecord}
 * @param isMounted whether it is mounted now
 * @param mountpoint where it is or would be mounted; empty for {@code none} and {@code legacy}
 * @param isReadonly the readonly property's value
 * @param children full names of the datasets directly below it
 * @param usedBytes with its snapshots
 * @param referencedBytes without
 * @param quotaBytes the refquota that is in force; 0 is none
 * @param resumeToken of a receive that was cut and can be continued
 * @param snapshots oldest first, by createtxg
 * @param bookmarks oldest first, by createtxg; empty where ZFS has none
 * @param isRecordUnreadable whether it bears a local record that this version cannot read, perhaps
 *     of a newer one: nobody may take it for a dataset without a record
 * @param origin full name of the snapshot that it is a clone of
 * @param keptQuotaBytes the volume's quota where it is not the one in force: of a sealed one, and
 *     of one whose content takes more; 0 is none
 * @param settings those of {@link VolumeProperties#INHERITABLE} that are set on it, not inherited
 */
public record Dataset(
    String name,
    Guid guid,
    Optional<OwnershipRecord> record,
    boolean isMounted,
    Optional<Path> mountpoint,
    boolean isReadonly,
    List<String> children,
    long usedBytes,
    long referencedBytes,
    long quotaBytes,
    Optional<String> resumeToken,
    List<Snapshot> snapshots,
    List<Bookmark> bookmarks,
    boolean isRecordUnreadable,
    Optional<String> origin,
    OptionalLong keptQuotaBytes,
    Map<String, String> settings) {
  /** The same dataset with another record. */
  public Dataset with(OwnershipRecord written) {
    return new Dataset(
        name,
        guid,
        Optional.of(written),
        isMounted,
        mountpoint,
        isReadonly,
        children,
        usedBytes,
        referencedBytes,
        quotaBytes,
        resumeToken,
        snapshots,
        bookmarks,
        false,
        origin,
        keptQuotaBytes,
        settings);
  }

  /** What says which dataset it is. */
  public DatasetHead head() {
    return new DatasetHead(name, guid, record, isRecordUnreadable, origin);
  }

  /** The last component of the name. */
  public String basename() {
    return head().basename();
  }

  /** The volume's quota, whether it is in force here or only kept; 0 is none. */
  public long limitBytes() {
    return keptQuotaBytes.orElse(quotaBytes);
  }

  /** Whether other datasets live below it. */
  public boolean hasChildren() {
    return !children.isEmpty();
  }

  /** Whether a mount has to give it something back, see {@link Storage#seal}. */
  public boolean isSealed() {
    return keptQuotaBytes.isPresent();
  }

  /** The newest snapshot. */
  public Optional<Snapshot> latest() {
    return snapshots.isEmpty() ? Optional.empty() : Optional.of(snapshots.getLast());
  }

  /** The snapshot with this name. */
  public Optional<Snapshot> snapshot(String wanted) {
    return snapshots.stream().filter(snapshot -> snapshot.name().equals(wanted)).findFirst();
  }

  /** The snapshot with this guid. */
  public Optional<Snapshot> snapshot(Guid wanted) {
    return snapshots.stream().filter(snapshot -> snapshot.guid().equals(wanted)).findFirst();
  }
}
