package io.flocker.core.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.SnapshotName;
import io.flocker.core.volume.SnapshotPurpose;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final List<RetentionRules> NEWEST = List.of(RetentionRules.ofLast(1));
  private static final NodeId PEER = NodeId.random();
  private static final NodeId SLOW_PEER = NodeId.random();

  @Test
  @DisplayName("52 a hundred pushes leave a bounded number of snapshots")
  void aHundredPushesLeaveABoundedNumberOfSnapshots() {
    List<Snapshot> here = new ArrayList<>();
    for (int push = 1; push <= 100; push++) {
      here.add(taken(push, SnapshotPurpose.PUSH));
      Map<NodeId, Set<Guid>> held = Map.of(PEER, Set.of(new Guid(push)));
      here.removeAll(Retention.expendable(here, held, List.of(RetentionRules.USUAL)));
      assertTrue(here.size() <= 2, here::toString);
    }
  }

  @Test
  @DisplayName("S05 the last snapshot in common with a peer stays, however old")
  void theLastSnapshotInCommonWithAPeerStays() {
    List<Snapshot> snapshots =
        List.of(
            taken(1, SnapshotPurpose.PUSH),
            taken(2, SnapshotPurpose.PUSH),
            taken(3, SnapshotPurpose.PUSH),
            taken(4, SnapshotPurpose.PUSH));
    assertEquals(
        List.of(taken(1, SnapshotPurpose.PUSH), taken(3, SnapshotPurpose.PUSH)),
        Retention.expendable(
            snapshots,
            Map.of(PEER, Set.of(new Guid(4)), SLOW_PEER, Set.of(new Guid(1), new Guid(2))),
            NEWEST));
  }

  @Test
  void whatFlockerdDidNotTakeIsNeverGivenUp() {
    List<Snapshot> snapshots =
        List.of(
            named("daily", 1),
            named("flk.mine", 2),
            taken(3, SnapshotPurpose.MANUAL),
            taken(4, SnapshotPurpose.HANDOFF),
            taken(5, SnapshotPurpose.PUSH));
    assertEquals(
        List.of(taken(4, SnapshotPurpose.HANDOFF)),
        Retention.expendable(snapshots, Map.of(), NEWEST));
  }

  @Test
  void theNewestStaysThoughItIsNotOurs() {
    List<Snapshot> snapshots = List.of(taken(1, SnapshotPurpose.PUSH), named("daily", 2));
    assertEquals(List.of(), Retention.expendable(snapshots, Map.of(), NEWEST));
  }

  @Test
  @DisplayName("P09 age is told by createtxg, in whatever order the listing comes")
  void ageIsToldByCreatetxg() {
    List<Snapshot> snapshots =
        List.of(
            taken(3, SnapshotPurpose.PUSH),
            taken(1, SnapshotPurpose.PUSH),
            taken(2, SnapshotPurpose.PUSH));
    assertEquals(
        List.of(taken(1, SnapshotPurpose.PUSH), taken(2, SnapshotPurpose.PUSH)),
        Retention.expendable(snapshots, Map.of(), NEWEST));
  }

  @Test
  void whereNothingIsWishedTheNewestStaysAllTheSame() {
    List<Snapshot> snapshots =
        List.of(taken(1, SnapshotPurpose.PUSH), taken(2, SnapshotPurpose.PUSH));
    assertEquals(
        List.of(taken(1, SnapshotPurpose.PUSH)),
        Retention.expendable(snapshots, Map.of(), List.of()));
  }

  @Test
  void whatAnyOfTheRulesKeepsStays() {
    List<Snapshot> snapshots =
        IntStream.rangeClosed(1, 5)
            .mapToObj(number -> taken(number, SnapshotPurpose.PUSH))
            .toList();
    assertEquals(
        snapshots.subList(0, 2),
        Retention.expendable(
            snapshots, Map.of(), List.of(RetentionRules.ofLast(3), RetentionRules.ofLast(1))));
  }

  private static Snapshot taken(int number, SnapshotPurpose purpose) {
    return named(new SnapshotName(Instant.EPOCH, purpose, number).toString(), number);
  }

  private static Snapshot named(String name, int number) {
    return new Snapshot(name, new Guid(number), number, Instant.EPOCH);
  }
}
