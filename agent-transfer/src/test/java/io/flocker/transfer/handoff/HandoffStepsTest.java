package io.flocker.transfer.handoff;

import static io.flocker.transfer.node.MemoryPair.assertOwner;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static io.flocker.transfer.node.MemoryPair.assertWriter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A handoff that is hit at each of its steps in turn: every command of both pools. */
@Timeout(300)
class HandoffStepsTest {
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  @Test
  void isMadeOfManySteps() throws Exception {
    assertTrue(steps() > 30, () -> "few steps");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leavesTheVolumeHereOrGoesForwardWhereverItFails(boolean isUnforeseen) throws Exception {
    int steps = steps();
    int given = 0;
    int kept = 0;
    for (int hit = 1; hit <= steps; hit++) {
      try (MemoryPair hurt = new MemoryPair()) {
        if (isGivenAwayIn(hurt, hit, isUnforeseen)) {
          given++;
        } else {
          kept++;
        }
      }
    }
    assertTrue(kept > 0 && given > 0, kept + " kept, " + given + " given away");
  }

  /** Whether a handoff that is hit there goes forward; it can be made, or ends, all the same. */
  private static boolean isGivenAwayIn(MemoryPair nodes, int hit, boolean isUnforeseen)
      throws Exception {
    VolumeId volume = nodes.first.create("default.db").id();
    failAt(nodes, hit, isUnforeseen);

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
    assertEquals(List.of(), nodes.first.board.running());
    assertEquals(List.of(), nodes.second.board.running());
    return isGivenAway;
  }

  private static int steps() throws Exception {
    try (MemoryPair nodes = new MemoryPair()) {
      VolumeId volume = nodes.first.create("default.db").id();
      AtomicInteger steps = failAt(nodes, 0, false);
      var _ = nodes.handOff(volume);
      return steps.get();
    }
  }

  private static AtomicInteger failAt(MemoryPair nodes, int hit, boolean isUnforeseen) {
    AtomicInteger steps = new AtomicInteger();
    for (MemoryNode node : List.of(nodes.first, nodes.second)) {
      node.pool.breaks((method, _) -> {
        if (!method.equals("poolName") && steps.incrementAndGet() == hit) { // That asks nobody.
          if (isUnforeseen) {
            throw new IllegalStateException("unforeseen, at " + method);
          }
          throw StorageFailure.ZFS_FAILED.because("no, at " + method);
        }
      });
    }
    return steps;
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
