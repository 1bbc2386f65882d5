package io.flocker.http.api;

import io.flocker.core.id.Guid;
import io.flocker.core.storage.Snapshot;
import java.time.Instant;

/** A snapshot; see {@code snapshot.json}. */
public record SnapshotDocument(String name, Guid guid, Instant created) {
  static SnapshotDocument of(Snapshot snapshot) {
    return new SnapshotDocument(snapshot.name(), snapshot.guid(), snapshot.creation());
  }
}
