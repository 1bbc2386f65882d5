package io.flocker.transfer.handoff;

import static io.flocker.transfer.node.MemoryPair.assertOwner;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static io.flocker.transfer.node.MemoryPair.assertWriter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.Hold;
import io.flocker.core.volume.LeftoverSweep;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.node.MemoryPool;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A handoff that is hit at each of its steps in turn: every command of both pools, and all that
 * either node writes down, or reads of it.
 */
@Timeout(300)
class HandoffStepsTest {
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  /** Where a handoff is hit. */
  enum Place {
    POOLS,
    JOURNALS
  }

  @ParameterizedTest
  @CsvSource({"POOLS, 30", "JOURNALS, 15"})
  void isMadeOfManySteps(Place place, int least) throws Exception {
    int steps = steps(place);
    assertTrue(steps > least, () -> "only " + steps + " steps");
  }

  @ParameterizedTest
  @CsvSource({"POOLS, false", "POOLS, true", "JOURNALS, false", "JOURNALS, true"})
  void leavesTheVolumeHereOrGoesForwardWhereverItFails(Place place, boolean isUnforeseen)
      throws Exception {
    int steps = steps(place);
    int given = 0;
    int kept = 0;
    for (int hit = 1; hit <= steps; hit++) {
      try (MemoryPair hurt = new MemoryPair()) {
        if (isGivenAwayIn(hurt, place, hit, isUnforeseen)) {
          given++;
        } else {
          kept++;
        }
      }
    }
    assertTrue(kept > 0 && given > 0, kept + " kept, " + given + " given away");
  }

  /** Whether a handoff that is hit there goes forward; it can be made, or ends, all the same. */
  private static boolean isGivenAwayIn(MemoryPair nodes, Place place, int hit, boolean isUnforeseen)
      throws Exception {
    VolumeId volume = nodes.first.create("default.db").id();
    failAt(nodes, place, hit, isUnforeseen);

    boolean hasFailed = hasFailed(nodes, volume);
    nodes.heal();

    assertAtMostOneWriter(nodes, hit);
    boolean isGivenAway = isGivenAway(nodes, volume);
    if (isGivenAway) {
      assertEquals(0, nodes.first.delivery.recover(), "left after step " + hit);
      assertWriter(nodes.second, volume, 1); // A name that cannot be repaired is a warning.
      nodes.first.volumes.repairNames(); // As the next start does.
      assertReplica(nodes.first, volume, nodes.second, 1);
    } else {
      assertTrue(hasFailed, "kept after step " + hit + " without a failure");
      assertOwner(nodes.first, volume, 0);
      while (nodes.second.incoming.arriving(volume).isPresent()) {
        Thread.onSpinWait(); // The receiver hears of it a moment later.
      }
      var _ = nodes.handOff(volume);
      assertOwner(nodes.second, volume, 1);
    }
    nodes.first.locks.own(volume, "test").close();
    nodes.second.locks.own(volume, "test").close();
    assertHoldsNothing(nodes.first, volume, hit);
    assertHoldsNothing(nodes.second, volume, hit);
    assertEquals(List.of(), nodes.first.board.running());
    assertEquals(List.of(), nodes.second.board.running());
    return isGivenAway;
  }

  private static int steps(Place place) throws Exception {
    try (MemoryPair nodes = new MemoryPair()) {
      VolumeId volume = nodes.first.create("default.db").id();
      AtomicInteger steps = failAt(nodes, place, 0, false);
      var _ = nodes.handOff(volume);
      return steps.get();
    }
  }

  private static AtomicInteger failAt(
      MemoryPair nodes, Place place, int hit, boolean isUnforeseen) {
    AtomicInteger steps = new AtomicInteger();
    MemoryPool.Fault fault =
        (method, _) -> {
          if (!method.equals("poolName") && steps.incrementAndGet() == hit) { // That asks nobody.
            if (isUnforeseen) {
              throw new IllegalStateException("unforeseen, at " + method);
            }
            Failure failure =
                place == Place.POOLS ? StorageFailure.ZFS_FAILED : RequestFailure.STATE_UNAVAILABLE;
            throw failure.because("no, at " + method);
          }
        };
    for (MemoryNode node : List.of(nodes.first, nodes.second)) {
      switch (place) {
        case POOLS -> node.pool.breaks(fault);
        case JOURNALS -> node.beforeJournal = fault;
      }
    }
    return steps;
  }

  /** No operation holds a snapshot any more, at the latest after the next sweep. */
  private static void assertHoldsNothing(MemoryNode node, VolumeId volume, int hit)
      throws FailureException {
    new LeftoverSweep(node.parts, _ -> false, InstantSource.system()).releaseHolds();
    Dataset dataset = node.catalog.require(volume).dataset();
    for (Snapshot snapshot : dataset.snapshots()) {
      for (String tag : node.fake.holds(dataset.name(), snapshot.name())) {
        boolean isPeers = Hold.parse(tag).orElse(null) instanceof Hold.Peer;
        assertTrue(isPeers, () -> tag + " holds " + snapshot.name() + " after step " + hit);
      }
    }
  }

  private static boolean hasFailed(MemoryPair nodes, VolumeId volume) throws Exception {
    try {
      var _ = nodes.handOff(volume);
      return false;
    } catch (FailureException | IllegalStateException _) {
      return true;
    }
  }

  private static boolean isGivenAway(MemoryPair nodes, VolumeId volume) throws FailureException {
    OwnershipRecord record = nodes.first.catalog.require(volume).dataset().record().orElseThrow();
    return record.state() == OwnershipState.RELEASED || record.node().equals(nodes.second.id);
  }

  private static void assertAtMostOneWriter(MemoryPair nodes, int hit) throws FailureException {
    List<Dataset> all = new ArrayList<>(nodes.first.fake.datasets());
    all.addAll(nodes.second.fake.datasets());
    long writers = all.stream().filter(Dataset::isMounted).count();
    assertTrue(writers <= 1, () -> writers + " writers after step " + hit);
  }

  @Test
  void aBrokenUndoIsToldBesideWhatWentWrong() throws Exception {
    VolumeId volume = nodes.first.create("default.db").id();
    AtomicInteger mounts = new AtomicInteger();
    nodes.first.pool.breaks((method, _) -> {
      if (method.equals("setReadonly")) {
        throw StorageFailure.ZFS_FAILED.because("no");
      }
      if (method.equals("mountWritable") && mounts.incrementAndGet() == 2) {
        throw new IllegalStateException("unforeseen");
      }
    });

    FailureException failure = assertThrows(FailureException.class, () -> nodes.handOff(volume));

    assertEquals(StorageFailure.ZFS_FAILED, failure.failure());
    assertEquals("unforeseen", failure.getSuppressed()[0].getMessage());
    assertTrue(failure.members().get("notUndone") instanceof List<?> steps && steps.size() == 1);
    assertFalse(nodes.second.catalog.require(volume).dataset().isMounted());
    assertTrue(nodes.first.mounter.failed().containsKey(volume));
    assertFalse(nodes.first.mounter.mountWanted());
    assertOwner(nodes.first, volume, 0);
  }
}
