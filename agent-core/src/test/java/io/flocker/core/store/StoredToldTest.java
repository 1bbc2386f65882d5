package io.flocker.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.notify.Subject;
import io.flocker.core.notify.Told;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredToldTest {
  private static final Instant TIME = Instant.parse("2026-03-01T12:34:56.789Z");

  @TempDir Path folder;

  @Test
  void whatWasToldIsFoundByItsTarget() throws Exception {
    Subject copy = new Subject(VolumeId.random(), Optional.of(NodeId.random()));
    Subject volume = new Subject(copy.volume(), Optional.empty());
    try (Database database = Database.open(folder)) {
      StoredTold store = new StoredTold(database);
      store.put("hook", copy, new Told("failed", TIME.minusSeconds(1)));
      store.put("hook", copy, new Told("current", TIME));
      store.put("hook", volume, new Told("contested", TIME));
      store.put("executable", volume, new Told("settled", TIME));
    }
    try (Database database = Database.open(folder)) {
      StoredTold store = new StoredTold(database);
      assertEquals(
          Map.of(copy, new Told("current", TIME), volume, new Told("contested", TIME)),
          store.of("hook"));
      store.remove("hook", volume);
      store.remove("hook", volume);
      assertEquals(Map.of(copy, new Told("current", TIME)), store.of("hook"));
      assertEquals(Map.of(volume, new Told("settled", TIME)), store.of("executable"));
    }
  }
}
