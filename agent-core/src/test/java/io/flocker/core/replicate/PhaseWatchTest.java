package io.flocker.core.replicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PhaseWatchTest {
  private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");

  private static final String PAGE = page();

  @Test
  @DisplayName(
      "B14 a stream of many days is slow, and is not ended while a byte comes now and then")
  void doesNotEndWhatIsSlow() {
    PhaseWatch watch = new PhaseWatch(BEGIN);
    Instant now = BEGIN;
    watch.waitsFor(Wait.FIRST_BYTE, now);
    watch.moved(1, 0, now);
    for (int bytes = 2; bytes < 10_000; bytes++) {
      now = now.plus(Duration.ofMinutes(10));
      assertFalse(watch.isToBeEnded(now));
      // In turns: what has left, and what the peer's ZFS has taken.
      watch.moved(bytes, bytes - bytes % 2, now);
      assertFalse(watch.isStalled(now));
    }
  }

  @Test
  @DisplayName("B14 a receive that has all bytes may take long to commit")
  void waitsForASlowPool() {
    PhaseWatch watch = new PhaseWatch(BEGIN);
    watch.waitsFor(Wait.PROOF, BEGIN);

    assertFalse(watch.isToBeEnded(BEGIN.plus(Duration.ofMinutes(59))));
    assertTrue(watch.isStalled(BEGIN.plus(Duration.ofMinutes(59))));
  }

  @Test
  @DisplayName("B14 ZFS may be busy for long between two bytes, here as there")
  void waitsForZfsThatIsBusyInTheMidstOfAStream() {
    PhaseWatch watch = new PhaseWatch(BEGIN);
    watch.waitsFor(Wait.FIRST_BYTE, BEGIN);
    watch.moved(312, 312, BEGIN); // The stream's first record comes at once, whatever follows.

    assertTrue(watch.isStalled(BEGIN.plus(Duration.ofMinutes(1))));
    assertFalse(watch.isToBeEnded(BEGIN.plus(Duration.ofMinutes(59))));
    assertTrue(watch.isToBeEnded(BEGIN.plus(Duration.ofMinutes(60))));
  }

  @Test
  void aPlaceIsWaitedForForEver() {
    PhaseWatch watch = new PhaseWatch(BEGIN);
    watch.waitsFor(Wait.TURN, BEGIN);

    assertFalse(watch.isStalled(BEGIN.plus(Duration.ofDays(30))));
  }

  @Test
  void howLongEachMayBeSilentIsWrittenDown() {
    Map<Wait, String> rows = new EnumMap<>(Wait.class);
    PAGE.lines()
        .dropWhile(line -> !line.equals("## Watches"))
        .takeWhile(line -> !line.startsWith("## Proving"))
        .filter(line -> line.startsWith("| `"))
        .forEach(line ->
            waits()
                .filter(what -> line.contains("`" + what + "`"))
                .forEach(what -> rows.put(what, line)));
    for (Wait what : waits().toList()) {
      PhaseWatch.Patience patience = PhaseWatch.Patience.of(what);
      String row = rows.get(what);
      String end = "| %s | %s |".formatted(words(patience.told()), words(patience.ended()));
      assertTrue(row != null && row.endsWith(end), () -> what + " ends with " + end);
    }
  }

  private static String words(Duration duration) {
    if (duration.toHours() > 0) {
      return duration.toHours() + " h";
    }
    return duration.toSeconds() % 60 == 0
        ? duration.toMinutes() + " min"
        : duration.toSeconds() + " s";
  }

  private static String page() {
    try {
      return Files.readString(Path.of("REPLICATION.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Wait> waits() {
    return Stream.of(Wait.values()).filter(what -> what != Wait.TURN);
  }

  @ParameterizedTest
  @MethodSource("waits")
  @DisplayName("B14 whatever hangs is told of, then ended and tried again")
  void endsWhatHasStalled(Wait what) throws Exception {
    Island island = new Island(4);
    NodeId peer = NodeId.random();
    VolumeId volume = island.volume(peer);
    // A push waits for most of these before, too, and its clock would begin anew here.
    CountDownLatch hangs = new CountDownLatch(1);
    island.fault = Island.hanging(what, hangs);
    var _ = island.replication.round();
    Thread worker = Thread.ofVirtual().start(island::finish);
    hangs.await();
    assertEquals(what.toString(), island.status(volume, peer).waitsFor().step());

    island.pass(PhaseWatch.Patience.of(what).told());
    var _ = island.replication.round();
    assertEquals(CopyStatus.State.STALLED, island.status(volume, peer).state());
    assertEquals(what.words(), island.status(volume, peer).waitsFor().text());

    island.fault = (_, _) -> {};
    island.pass(PhaseWatch.Patience.of(what).ended().minus(PhaseWatch.Patience.of(what).told()));
    var _ = island.replication.round();
    worker.join();
    Map<String, Object> error = island.status(volume, peer).lastError().orElseThrow();
    assertEquals(TransferFailure.STALLED.type(), error.get("type"));
    String written = "| `%s` | %s | %s |".formatted(what, what.words(), error.get("detail"));
    assertTrue(PAGE.contains(written), () -> "REPLICATION.md is to say " + written);
    island.pass(Duration.ofSeconds(2));
    island.settle();
    assertTrue(island.isThere(volume, peer));
    assertEquals(CopyStatus.State.CURRENT, island.status(volume, peer).state());
  }
}
