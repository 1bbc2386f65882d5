package io.flocker.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.Confirmation;
import io.flocker.core.volume.ConfirmationJournal;
import io.flocker.core.volume.FolderJournal;
import io.flocker.core.volume.NodeJournals;
import io.flocker.core.volume.ReleaseJournal;
import io.flocker.core.volume.ownership.OwnershipEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoredJournalsTest {
  private static final VolumeId VOLUME = VolumeId.random();
  private static final VolumeId OTHER = VolumeId.random();

  @TempDir private Path folder;

  @Test
  void releasesOutliveTheDaemonUntilTheyAreStruck() throws Exception {
    ReleaseJournal.Entry first = release(VOLUME, Optional.empty());
    ReleaseJournal.Entry later =
        release(
            VOLUME,
            Optional.of(
                new OwnershipRecord(
                    VOLUME,
                    3,
                    NodeId.random(),
                    OwnershipState.OWNED,
                    UUID.randomUUID(),
                    new Guid(-2),
                    new Guid(7))));
    ReleaseJournal.Entry bare = release(OTHER, Optional.empty());
    try (Database database = Database.open(folder)) {
      ReleaseJournal journal = journals(database).releases();
      journal.add(first);
      journal.add(later);
      journal.add(bare);
      journal.remove(VolumeId.random());
    }
    try (Database database = Database.open(folder)) {
      ReleaseJournal journal = journals(database).releases();
      assertEquals(Set.of(later, bare), Set.copyOf(journal.list()));
      journal.remove(VOLUME);
      assertEquals(List.of(bare), journal.list());
    }
  }

  @Test
  void bareFoldersOutliveTheDaemonUntilTheyAreStruck() throws Exception {
    FolderJournal.Entry first =
        new FolderJournal.Entry(VOLUME, Path.of("/flocker/a"), Instant.ofEpochMilli(1));
    FolderJournal.Entry later =
        new FolderJournal.Entry(VOLUME, Path.of("/flocker/b"), Instant.ofEpochMilli(1_234));
    try (Database database = Database.open(folder)) {
      FolderJournal journal = journals(database).folders();
      journal.add(first);
      journal.add(later);
    }
    try (Database database = Database.open(folder)) {
      FolderJournal journal = journals(database).folders();
      assertEquals(List.of(later), journal.list());
      journal.remove(VOLUME);
      journal.remove(VOLUME);
      assertEquals(List.of(), journal.list());
    }
  }

  @Test
  void ofEachPeerTheLatestConfirmationOutlivesTheDaemon() throws Exception {
    NodeId peer = NodeId.random();
    Confirmation first = new Confirmation(VOLUME, UUID.randomUUID(), peer, Instant.ofEpochMilli(1));
    Confirmation later =
        new Confirmation(VOLUME, UUID.randomUUID(), peer, Instant.ofEpochMilli(1_234));
    Confirmation others =
        new Confirmation(VOLUME, UUID.randomUUID(), NodeId.random(), Instant.ofEpochMilli(2));
    Confirmation another =
        new Confirmation(OTHER, UUID.randomUUID(), peer, Instant.ofEpochMilli(3));
    try (Database database = Database.open(folder)) {
      ConfirmationJournal journal = journals(database).confirmations();
      for (Confirmation one : List.of(first, others, another, later)) {
        journal.add(one);
      }
    }
    try (Database database = Database.open(folder)) {
      ConfirmationJournal journal = journals(database).confirmations();
      assertEquals(Set.of(later, others, another), Set.copyOf(journal.list()));
      journal.remove(VOLUME);
      assertEquals(List.of(another), journal.list());
    }
  }

  private static ReleaseJournal.Entry release(VolumeId volume, Optional<OwnershipRecord> before) {
    return new ReleaseJournal.Entry(
        volume,
        before,
        new OwnershipEvent.Released(NodeId.random(), UUID.randomUUID(), new Guid(-1)));
  }

  private static NodeJournals journals(Database database) {
    return StoredJournals.in(database, InstantSource.system());
  }
}
