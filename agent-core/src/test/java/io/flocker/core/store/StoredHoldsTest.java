package io.flocker.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.HoldJournal.Entry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoredHoldsTest {
  private static final Entry FIRST = new Entry(VolumeId.random(), new Guid(1), "flk:op:a");
  private static final Entry SECOND = new Entry(FIRST.volume(), new Guid(-2), "flk:op:a");

  @TempDir private Path folder;

  @Test
  void whatWasWrittenDownOutlivesTheDaemonUntilItIsStruck() throws Exception {
    try (Database database = Database.open(folder)) {
      StoredHolds holds = new StoredHolds(database);
      holds.add(FIRST);
      holds.add(FIRST);
      holds.add(SECOND);
      holds.remove(FIRST);
      holds.remove(FIRST);
    }

    try (Database database = Database.open(folder)) {
      assertEquals(List.of(SECOND), new StoredHolds(database).list());
    }
  }
}
