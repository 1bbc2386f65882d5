package io.flocker.core.store;

import io.flocker.core.volume.NodeJournals;
import java.time.InstantSource;

/** The journals of a node in its database. */
public final class StoredJournals {
  private StoredJournals() {}

  /** All of them. */
  public static NodeJournals in(Database database, InstantSource clock) {
    return new NodeJournals(
        new StoredVolumes(database, clock),
        new StoredHolds(database),
        new StoredReleases(database),
        new StoredFolders(database),
        new StoredConfirmations(database));
  }
}
