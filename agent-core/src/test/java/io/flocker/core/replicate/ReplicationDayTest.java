package io.flocker.core.replicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A day of a node with three peers, second by second, by a clock that does not tick by itself. */
class ReplicationDayTest {
  private static final int VOLUMES = 20;
  private static final int MOST = 4;
  private static final int DAY_SECONDS = 86_400;

  /** Longest pause between two tries, then all volumes by two streams at once, one being slow. */
  private static final int HEALED_SECONDS = 10 + VOLUMES * 3 / 2 + 20;

  private static final Duration MAX_LAG = Duration.ofSeconds(60);

  /** When one of the peers cannot be reached, again and again. */
  private static final int PERIOD_SECONDS = 3_600;

  private static final int DOWN_SECONDS = 900;

  /** Between two ends of the daemon by force, about. */
  private static final int RESTART_SECONDS = 20_000;

  private record Push(Instant end, Runnable work) {}

  private final Random random = new Random(1);
  private final Island island = new Island(MOST);
  private final List<NodeId> steady = List.of(NodeId.random(), NodeId.random());
  private final NodeId flaky = NodeId.random();
  private final List<VolumeId> volumes = new ArrayList<>();
  private final PriorityQueue<Push> underWay = new PriorityQueue<>(Comparator.comparing(Push::end));
  private int writes;
  private int restarts;

  @Test
  @DisplayName("S12 a day with slow streams, a peer that comes and goes, and restarts")
  void keepsWhatItPromises() {
    for (int number = 0; number < VOLUMES; number++) {
      volumes.add(island.volume(steady.getFirst(), steady.getLast(), flaky));
    }
    island.fault =
        (copy, _) -> {
          if (copy.peer().equals(flaky) && isDown()) {
            throw TransferFailure.PEER_UNREACHABLE.because("nobody answers");
          }
        };
    double worst = 0;
    for (int second = 0; second < DAY_SECONDS; second++) {
      step(second);
      if (second % 5 == 0 && second > PERIOD_SECONDS) {
        boolean isHealed = second % PERIOD_SECONDS >= DOWN_SECONDS + HEALED_SECONDS;
        for (CopyStatus copy : island.replication.status()) {
          if (isHealed || !copy.peer().equals(flaky)) {
            worst = Math.max(worst, copy.lagSeconds());
          }
        }
      }
      assertTrue(underWay.size() <= MOST, "streams at once");
    }
    settle();

    assertTrue(worst <= MAX_LAG.toSeconds(), "a lag of " + worst);
    for (VolumeId volume : volumes) {
      for (NodeId peer : List.of(steady.getFirst(), steady.getLast(), flaky)) {
        assertTrue(island.isThere(volume, peer));
        assertEquals(0, island.status(volume, peer).lagSeconds());
      }
    }
    assertEquals(VOLUMES * 3, island.store.records.size());
    assertTrue(island.snapshots <= writes + (restarts + 1) * VOLUMES * 3, "a snapshot for nothing");
  }

  private void step(int second) {
    if (random.nextInt(4) == 0) {
      island.write(volumes.get(random.nextInt(VOLUMES)));
      writes++;
    }
    boolean isBeingHealed = !isDown() && second % PERIOD_SECONDS < DOWN_SECONDS + HEALED_SECONDS;
    if (!isBeingHealed && random.nextInt(RESTART_SECONDS) == 0) {
      underWay.clear();
      restarts++;
      island.restart();
    }
    tick();
    if (second % PERIOD_SECONDS == DOWN_SECONDS && random.nextBoolean()) {
      // It is not always told: where it is not, the pause between two tries has to do.
      island.replication.heard(Event.of(EventType.PEER_REACHABLE, Map.of("node", flaky)));
    }
  }

  private void tick() {
    island.pass(Duration.ofSeconds(1));
    while (!underWay.isEmpty() && !underWay.peek().end().isAfter(island.now)) {
      underWay.remove().work().run();
    }
    var _ = island.replication.round();
    for (Runnable work : island.begun) {
      int seconds = random.nextInt(100) == 0 ? 20 : 1 + random.nextInt(3);
      underWay.add(new Push(island.now.plusSeconds(seconds), work));
    }
    island.begun.clear();
  }

  private void settle() {
    for (int second = 0; second < PERIOD_SECONDS; second++) {
      tick();
    }
  }

  private boolean isDown() {
    return island.now.getEpochSecond() % PERIOD_SECONDS < DOWN_SECONDS;
  }
}
