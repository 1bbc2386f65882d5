package io.flocker.zfs.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.process.Launch;
import io.flocker.core.process.StuckChildren;
import io.flocker.core.replicate.change.PoolNews;
import io.flocker.core.retry.Backoff;
import io.flocker.zfs.FakeZfs;
import io.flocker.zfs.process.Zfs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a program that tells events, and fails, as a {@code zpool} may. */
@Timeout(120)
class PoolEventsTest {
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final String FOR_EVER = "exec sleep 1000";
  private static final String MISSED = "missed";

  @TempDir Path folder;

  private final Instant soon = Instant.now().plusSeconds(60);
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private FakeZfs fake;

  @BeforeEach
  void aZpool() {
    fake = new FakeZfs(folder);
  }

  @Test
  void tellsWhatChangesADatasetWithoutItsFolders() throws Exception {
    fake.answers(
        "events",
        tell(
                event(1, "snapshot", "tank/early@by-hand", Instant.EPOCH),
                event(2, "snapshot", "tank/own@flk.20260102T030405Z.push.89abcdef"),
                event(3, "set", "tank/quiet"),
                event(4, "snapshot", "tank/a@by-hand"),
                event(5, "clone swap", "tank/b/%rollback"))
            + FOR_EVER);
    try (PoolEvents _ = listen()) {
      assertEquals("tank/a", next());
      assertEquals("tank/b", next());
    }
    assertEquals(1, fake.calls().size());
  }

  @Test
  @DisplayName("S03 where the events end they are begun anew, and what lies between is compared")
  void beginsAnew() throws Exception {
    Path first = folder.resolve("first");
    fake.answers(
        "events",
        "if mkdir '%s' 2>&-; then %s exit 1; fi; %s"
            .formatted(
                first,
                tell(event(1, "snapshot", "tank/a@by-hand")),
                tell(event(1, "snapshot", "tank/a@by-hand"), event(2, "snapshot", "tank/b@by-hand"))
                    + FOR_EVER));
    try (PoolEvents _ = listen()) {
      assertEquals("tank/a", next());
      assertEquals(MISSED, next());
      assertEquals("tank/b", next());
    }
  }

  @Test
  @DisplayName("S03 a number that is left out is something that was missed")
  void seesAGap() throws Exception {
    fake.answers(
        "events",
        tell(event(7, "snapshot", "tank/a@by-hand"), event(9, "snapshot", "tank/b@by-hand"))
            + FOR_EVER);
    try (PoolEvents _ = listen()) {
      assertEquals(List.of("tank/a", MISSED, "tank/b"), List.of(next(), next(), next()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 0, -1})
  @DisplayName("S03 numbers that begin anew are told, whatever the clock says")
  void numbersThatBeginAnewAreTold(int secondsLater) throws Exception {
    Instant then = soon.plusSeconds(secondsLater);
    fake.answers(
        "events",
        tell(
                event(100, "snapshot", "tank/a@by-hand", soon),
                event(1, "snapshot", "tank/b@by-hand", then),
                event(2, "snapshot", "tank/c@by-hand", then))
            + FOR_EVER);
    try (PoolEvents _ = listen()) {
      assertEquals(
          List.of("tank/a", MISSED, "tank/b", "tank/c"), List.of(next(), next(), next(), next()));
    }
  }

  @Test
  @DisplayName("S03 a clock that is set back after the begin makes nobody deaf")
  void hearsAfterTheClockWasSetBack() throws Exception {
    Instant setBack = soon.minusSeconds(3600);
    Iterator<Instant> begin = List.of(soon).iterator();
    fake.answers("events", tell(event(1, "snapshot", "tank/a@by-hand", setBack)) + FOR_EVER);
    try (PoolEvents _ = listen(() -> begin.hasNext() ? begin.next() : setBack)) {
      assertEquals("tank/a", next());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo unrecognized >&2; exit 2", "exit 0"})
  void aZfsWithoutEventsIsAskedOnce(String answer) throws Exception {
    fake.answers("events", answer);
    try (PoolEvents events = listen()) {
      assertTrue(events.awaitEnd(Duration.ofSeconds(60)), "it goes on");
    }
    assertEquals(List.of("events -Hfv"), fake.calls());
    assertNull(told.poll());
  }

  @Test
  void closingEndsTheChild() throws Exception {
    Path pid = folder.resolve("pid");
    fake.answers(
        "events",
        "echo $$ > '%s'; %s%s"
            .formatted(pid, tell(event(1, "snapshot", "tank/a@by-hand")), FOR_EVER));
    PoolEvents events = listen();
    assertEquals("tank/a", next());
    ProcessHandle child =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    events.close();
    var _ = child.onExit().get(60, TimeUnit.SECONDS);
    assertTrue(events.awaitEnd(Duration.ofSeconds(60)), "it goes on");
  }

  private PoolEvents listen() {
    return listen(InstantSource.system());
  }

  private PoolEvents listen(InstantSource clock) {
    PoolNews news =
        new PoolNews() {
          @Override
          public void happened(String dataset) {
            told.add(dataset);
          }

          @Override
          public void missed() {
            told.add(MISSED);
          }
        };
    return PoolEvents.start(
        new Launch(Zfs.ASKED, "tank"),
        List.of(fake.program().toString(), "events", "-Hfv"),
        "tank",
        new StuckChildren(),
        news,
        Backoff.every(PAUSE),
        clock);
  }

  private String next() throws InterruptedException {
    String next = told.poll(60, TimeUnit.SECONDS);
    return next == null ? "nothing" : next;
  }

  /** Shell that prints them. */
  private static String tell(String... events) {
    return "cat <<'END'\n" + String.join("", events) + "END\n";
  }

  private String event(long number, String change, String subject) {
    return event(number, change, subject, soon);
  }

  /** As OpenZFS 2.3.2 prints it. */
  private static String event(long number, String change, String subject, Instant when) {
    return """
    Nov 27 2026 18:20:09.805099477\tsysevent.fs.zfs.history_event
            version = 0x0
            class = "sysevent.fs.zfs.history_event"
            pool = "tank"
            history_dsname = "%s"
            history_internal_str = " "
            history_internal_name = "%s"
            time = 0x%x 0x%x
            eid = 0x%x

    """
        .formatted(subject, change, when.getEpochSecond(), when.getNano(), number);
  }
}
