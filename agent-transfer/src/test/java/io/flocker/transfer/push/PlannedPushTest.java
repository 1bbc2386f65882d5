package io.flocker.transfer.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.plan.ConflictKind;
import io.flocker.core.plan.ReplicationPlan;
import io.flocker.core.plan.VolumeFixture;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.Volume;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannedPushTest {
  private static final Volume VOLUME = VolumeFixture.volume(1);
  private static final NodeId PEER = NodeId.random();

  @ParameterizedTest
  @CsvSource({
    "DIVERGED,            true,  true,  true",
    "NO_COMMON_SNAPSHOT,  true,  true,  true",
    "NO_SNAPSHOT_TO_SEND, false, false, false",
    "INITIAL_FORBIDDEN,   false, true,  false",
    "RAW_UNAVAILABLE,     false, true,  false",
    "RAW_AFTER_PLAIN,     false, true,  true",
    "PLAIN_AFTER_RAW,     false, true,  true",
  })
  void tellsWhatCanBeDoneAboutAConflict(
      ConflictKind kind, boolean hasDiverged, boolean isHopeless, boolean isEndedByRemoval) {
    PlannedPush planned = conflict(kind);

    assertEquals(hasDiverged, planned.hasDiverged());
    assertEquals(isHopeless, planned.isHopeless());
    FailureException refusal = planned.refusal();
    assertEquals(kind.failure(), refusal.failure());
    assertEquals(isEndedByRemoval, refusal.detail().contains(VOLUME.removalAt(PEER)));
    assertEquals(
        isEndedByRemoval ? Optional.of(PEER) : Optional.empty(),
        Optional.ofNullable(refusal.members().get("node")));
  }

  @Test
  void whatCanBeSentIsNoConflict() {
    Snapshot common = new Snapshot("s", new Guid(1), 1, Instant.EPOCH);
    PlannedPush planned = new PlannedPush(VOLUME, PEER, new ReplicationPlan.UpToDate(common));

    assertFalse(planned.hasDiverged());
    assertFalse(planned.isHopeless());
  }

  private static PlannedPush conflict(ConflictKind kind) {
    return new PlannedPush(VOLUME, PEER, new ReplicationPlan.Conflict(kind, List.of(), List.of()));
  }
}
