package io.flocker.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.Arrival;
import io.flocker.core.replicate.Copy;
import io.flocker.core.replicate.CopyRecord;
import io.flocker.core.replicate.Setback;
import io.flocker.core.replicate.Verified;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredReplicationTest {
  private static final Instant TIME = Instant.parse("2026-03-01T12:34:56.789Z");

  @TempDir Path folder;

  @Test
  void theLastLookIsFoundAgain() throws Exception {
    try (Database database = Database.open(folder)) {
      StoredReplication store = new StoredReplication(database);
      assertEquals(Optional.empty(), store.looked());
      store.looked(TIME);
      store.looked(TIME.plusSeconds(60));
    }
    try (Database database = Database.open(folder)) {
      assertEquals(Optional.of(TIME.plusSeconds(60)), new StoredReplication(database).looked());
    }
  }

  @Test
  void copiesAreFoundAsTheyWere() throws Exception {
    CopyRecord fresh =
        new CopyRecord(
            copy(),
            Optional.of(TIME),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Verified(new Guid(5), "flk.0", TIME, Optional.empty())));
    CopyRecord whole =
        new CopyRecord(
            copy(),
            Optional.empty(),
            Optional.of(new Arrival(new Guid(-1), "flk.1", TIME, TIME.plusMillis(1))),
            Optional.of(
                new Setback(
                    Setback.Kind.LINK, 3, TIME, Map.of("detail", "gone"), TIME.plusSeconds(4))),
            Optional.of(
                new Verified(
                    new Guid(-2), "flk.1", TIME, Optional.of(Map.of("detail", "differs")))));
    try (Database database = Database.open(folder)) {
      StoredReplication store = new StoredReplication(database);
      store.put(fresh);
      store.put(whole);
      store.put(
          new CopyRecord(
              copy(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }
    try (Database database = Database.open(folder)) {
      StoredReplication store = new StoredReplication(database);
      for (CopyRecord record : store.list()) {
        if (!Set.of(fresh, whole).contains(record)) {
          store.remove(record.copy());
          store.remove(record.copy());
        }
      }
      assertEquals(Set.of(fresh, whole), new HashSet<>(store.list()));

      CopyRecord later =
          new CopyRecord(
              fresh.copy(), Optional.empty(), whole.last(), Optional.empty(), Optional.empty());
      store.put(later);

      assertEquals(Set.of(later, whole), new HashSet<>(store.list()));
    }
  }

  private static Copy copy() {
    return new Copy(VolumeId.random(), NodeId.random());
  }
}
