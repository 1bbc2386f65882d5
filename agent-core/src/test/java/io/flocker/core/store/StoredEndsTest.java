package io.flocker.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredEndsTest {
  private static final Instant TIME = Instant.parse("2026-03-01T12:34:56.789Z");

  @TempDir Path folder;

  @Test
  void thoseThatWereWrittenLastAreFoundAndNoOthers() throws Exception {
    Map<String, Instant> last = Map.of("one", TIME, "two", TIME.plusMillis(1));
    try (Database database = Database.open(folder)) {
      StoredEnds store = new StoredEnds(database);
      assertEquals(Optional.empty(), store.read());
      store.write(Map.of("one", TIME.minusSeconds(1), "gone", TIME));
      store.write(last);
    }
    try (Database database = Database.open(folder)) {
      assertEquals(Optional.of(last), new StoredEnds(database).read());
    }
  }

  @Test
  void thatNoneIsThereIsKnownOnceItWasWritten() throws Exception {
    try (Database database = Database.open(folder)) {
      new StoredEnds(database).write(Map.of());
      assertEquals(Optional.of(Map.of()), new StoredEnds(database).read());
    }
  }
}
