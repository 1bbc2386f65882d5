package io.flocker.core.replicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CopyRecordsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  private final VolumeId volume = VolumeId.random();
  private final Copy first = new Copy(volume, NodeId.random());
  private final Copy second = new Copy(volume, NodeId.random());
  private final MemoryStore store = new MemoryStore();
  private final TrackedCopies copies = new TrackedCopies(NodeId.random(), () -> NOW, _ -> {});
  private final CopyRecords records = new CopyRecords(store, copies);

  @Test
  void ofCopiesThatNobodyHasLookedAtYetNothingIsForgotten() throws Exception {
    store.put(CopyRecord.fresh(first, NOW));
    records.read();

    records.save();

    assertEquals(Set.of(first), store.records.keySet());
  }

  @Test
  void whatNoPolicyWantsAnyMoreIsForgottenAndTheRestIsWritten() throws Exception {
    store.put(CopyRecord.fresh(first, NOW));
    records.read();
    want(second);

    records.save();

    assertEquals(Set.of(second), store.records.keySet());
  }

  @Test
  void whatIsOnDiskIsNotWrittenAgain() throws Exception {
    store.put(CopyRecord.fresh(first, NOW));
    records.read();
    want(first, second);
    records.save();
    records.save();
    assertEquals(2, store.writes, "the one that was there, and the one that is new");

    copies.begunAnew(first); // Of which nothing had come yet.
    records.save();

    assertEquals(2, store.writes);
  }

  @Test
  void whatAFullDiskDidNotTakeIsWrittenTheNextTime() throws Exception {
    want(first);
    records.save();
    want(second);
    store.isFull = true;
    assertThrows(FailureException.class, records::save);
    assertEquals(Set.of(first), store.records.keySet());
    store.isFull = false;

    records.save();

    assertEquals(Set.of(second), store.records.keySet());
  }

  @Test
  void aLookIsKeptOnceAMinuteAndAtTheEnd() throws Exception {
    want(first);
    for (int second = 0; second < 60; second += 10) {
      records.looked(NOW.plusSeconds(second));
      records.save();
    }
    assertEquals(1, store.looks);
    assertEquals(Optional.of(NOW), store.looked());

    records.saveAll();

    assertEquals(Optional.of(NOW.plusSeconds(50)), store.looked());
    records.saveAll();
    assertEquals(2, store.looks);
  }

  @Test
  void whatWasToldBeforeALookIsOnDiskBeforeIt() throws Exception {
    want(first);
    records.save();
    records.looked(NOW);
    store.isFull = true;
    want(first, second);

    assertThrows(FailureException.class, records::save);

    assertEquals(Optional.empty(), store.looked());
  }

  private void want(Copy... wanted) {
    NodeId[] peers = Arrays.stream(wanted).map(Copy::peer).toArray(NodeId[]::new);
    var _ =
        copies.adopt(
            Map.of(volume, new Wanted(VolumeName.parse("default.recorded"), Island.policy(peers))));
  }
}
