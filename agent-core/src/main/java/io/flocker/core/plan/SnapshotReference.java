package io.flocker.core.plan;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.id.Guid;
import io.flocker.core.storage.Snapshot;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A snapshot as one node names it to another.
 *
 * @param name at the sender; for people and logs, never for identity
 * @param guid what identifies it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SnapshotReference(String name, Guid guid) {
  /** What ZFS takes as a component of a name, zfs(8); 255 is ZFS_MAX_DATASET_NAME_LEN - 1. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.: -]{1,255}");

  public SnapshotReference {
    Objects.requireNonNull(guid, "guid");
    if (!NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
      throw new IllegalArgumentException("'" + name + "' cannot be a snapshot's name");
    }
  }

  /** A snapshot's name and guid. */
  public static SnapshotReference of(Snapshot snapshot) {
    return new SnapshotReference(snapshot.name(), snapshot.guid());
  }
}
