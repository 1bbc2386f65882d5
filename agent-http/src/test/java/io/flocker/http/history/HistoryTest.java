package io.flocker.http.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.transfer.TransferDirection;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.history.HistoryDocument.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final long BEGIN = Long.MAX_VALUE - 5; // It wraps, as that of a JVM may.

  private Duration passed = Duration.ZERO;
  private Duration set = Duration.ZERO;
  private final History history =
      new History(
          () -> NOON.plus(passed).plus(set), () -> BEGIN + passed.toNanos(), look(1_000, 2_000));

  @Test
  void ratesAreThoseBetweenTwoLooks() {
    after(10);
    history.note(look(1_000, 52_000));
    after(20);
    history.note(new Look(3_000, 52_000, 12.5, 4, 3));

    assertEquals(
        new HistoryDocument(
            NOON,
            10,
            List.of(
                new Sample(NOON.plusSeconds(10), 0, 5_000, 0, 0, 0),
                new Sample(NOON.plusSeconds(30), 100, 0, 12.5, 4, 3))),
        history.document());
  }

  @Test
  void anHourIsKeptAndNoMore() {
    for (int i = 1; i <= 1_000; i++) {
      after(10);
      history.note(look(1_000, 2_000 + i));
    }

    List<Sample> samples = history.document().samples();

    assertEquals(360, samples.size());
    assertEquals(NOON.plusSeconds(6_410), samples.getFirst().time());
    assertEquals(NOON.plusSeconds(10_000), samples.getLast().time());
    assertEquals(NOON, history.document().since());
  }

  @Test
  void aClockThatIsSetMovesAllTimesAlike() {
    after(10);
    history.note(look(1_000, 2_000));
    set = Duration.ofHours(-1);
    after(10);
    history.note(look(1_000, 2_100));

    Instant eleven = NOON.plus(set);

    assertEquals(eleven, history.document().since());
    assertEquals(
        List.of(
            new Sample(eleven.plusSeconds(10), 0, 0, 0, 0, 0),
            new Sample(eleven.plusSeconds(20), 0, 10, 0, 0, 0)),
        history.document().samples());
  }

  @Test
  void whatWasBeforeALongSuspendIsNotToldAsTheLastHour() {
    after(10);
    history.note(look(1_000, 2_000));
    after(8 * 3_600);

    assertEquals(List.of(), history.document().samples());
    history.note(look(1_000, 2_000));

    Instant awake = NOON.plusSeconds(10 + 8 * 3_600);
    assertEquals(
        new HistoryDocument(NOON, 10, List.of(new Sample(awake, 0, 0, 0, 0, 0))),
        history.document());
  }

  @Test
  void aLookJustAfterAnotherWaitsForTheNext() {
    after(1);
    history.note(look(1_000, 9_000));
    after(9);
    history.note(look(1_000, 9_000));

    assertEquals(
        List.of(700L),
        history.document().samples().stream().map(Sample::sentBytesPerSecond).toList());
  }

  @Test
  void aLookTellsOfTheCopyThatIsFurthestBehind() {
    List<CopyStatus> copies =
        List.of(
            copy(CopyStatus.State.CURRENT, 1.5),
            copy(CopyStatus.State.HINDERED, 700),
            copy(CopyStatus.State.DRIFTED, 0));

    assertEquals(
        new Look(5, 7, 700, 3, 2),
        Look.at(direction -> direction == TransferDirection.IN ? 5 : 7, copies));
    assertEquals(new Look(0, 0, 0, 0, 0), Look.at(_ -> 0, List.of()));
  }

  private static CopyStatus copy(CopyStatus.State state, double lagSeconds) {
    return new CopyStatus(
        VolumeId.random(),
        VolumeName.parse("default.db"),
        NodeId.random(),
        state,
        NOON,
        lagSeconds,
        60,
        OptionalLong.empty(),
        Optional.empty(),
        new CopyStatus.WaitsFor("change", "a change", NOON, 0),
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private void after(int seconds) {
    passed = passed.plusSeconds(seconds);
  }

  private static Look look(long received, long sent) {
    return new Look(received, sent, 0, 0, 0);
  }
}
