package io.flocker.core.replicate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReplicationQueueTest {
  private final NodeId slow = NodeId.random();
  private final NodeId quick = NodeId.random();

  @Test
  @DisplayName("B11 where there are more than may be sent at once the oldest lag comes first")
  void beginsWithTheOldestLag() {
    List<ReplicationQueue.Waiting> waiting =
        List.of(waiting(slow, 30), waiting(slow, 10), waiting(slow, 20));

    List<Copy> next = ReplicationQueue.of(2, 1).next(waiting, List.of());

    assertEquals(List.of(waiting.get(1).copy(), waiting.get(2).copy()), next);
  }

  @Test
  @DisplayName("B11 a peer with a long queue does not have all the places")
  void leavesAPlaceToOtherPeers() {
    List<ReplicationQueue.Waiting> waiting = new ArrayList<>();
    for (int second = 0; second < 100; second++) {
      waiting.add(waiting(slow, second));
    }
    waiting.add(waiting(quick, 1_000));

    List<Copy> next = ReplicationQueue.of(4, 2).next(waiting, List.of());

    assertEquals(
        List.of(waiting.get(0).copy(), waiting.get(100).copy(), waiting.get(1).copy()), next);
    assertEquals(List.of(), ReplicationQueue.of(4, 2).next(waiting.subList(2, 100), next));
  }

  @Test
  @DisplayName("B11 a volume with many copies does not have all the places")
  void leavesAPlaceToOtherVolumes() {
    VolumeId wide = VolumeId.random();
    List<ReplicationQueue.Waiting> waiting = new ArrayList<>();
    for (int peer = 0; peer < 5; peer++) {
      waiting.add(new ReplicationQueue.Waiting(new Copy(wide, NodeId.random()), at(peer)));
    }
    ReplicationQueue.Waiting narrow = waiting(NodeId.random(), 1_000);
    waiting.add(narrow);

    assertEquals(
        List.of(waiting.getFirst().copy(), narrow.copy()),
        ReplicationQueue.of(2, 6).next(waiting, List.of()));
  }

  @Test
  void beginsNothingTwice() {
    ReplicationQueue.Waiting one = waiting(slow, 1);

    assertEquals(List.of(), ReplicationQueue.of(4, 1).next(List.of(one), List.of(one.copy())));
  }

  private static ReplicationQueue.Waiting waiting(NodeId peer, int second) {
    return new ReplicationQueue.Waiting(new Copy(VolumeId.random(), peer), at(second));
  }

  private static Instant at(int second) {
    return Instant.ofEpochSecond(second);
  }
}
