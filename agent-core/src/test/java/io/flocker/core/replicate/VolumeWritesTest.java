package io.flocker.core.replicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.flocker.core.fanout.FanOut;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.Wait;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether a run that began in second 5, and saw a write in second 6, takes a snapshot. */
class VolumeWritesTest {
  private static final int NEVER = -1;
  private static final VolumeId VOLUME = VolumeId.random();
  private static final Guid SNAPSHOT = new Guid(1);

  static Stream<Arguments> histories() {
    return Stream.of(
        arguments("never snapshotted", NEVER, NEVER, true, false),
        arguments("never snapshotted, but written", 3, NEVER, true, false),
        arguments("not written since this daemon began", NEVER, 3, false, true),
        arguments("written before the last snapshot", 2, 3, false, true),
        arguments("written since", 4, 3, true, false),
        arguments("written at the same moment", 3, 3, true, false),
        arguments("snapshotted beside it", 6, 7, false, true),
        arguments("snapshotted beside it, and written since", 8, 7, false, false));
  }

  /**
   * The run.
   *
   * @param holdsAll whether the write that the run saw is in the snapshot that it sends
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("histories")
  void aSnapshotIsTakenWhereTheLastOneDoesNotDo(
      String history, int written, int snapshotted, boolean mayBeWritten, boolean holdsAll) {
    VolumeWrites writes = new VolumeWrites();
    if (written != NEVER) {
      writes.changed(VOLUME, second(written));
    }
    if (snapshotted != NEVER) {
      ReplicationRun other = run(snapshotted);
      other.waitsFor(Wait.SNAPSHOT);
      writes.snapshotted(other, SNAPSHOT);
    }
    ReplicationRun run = run(5);
    run.changed(second(6));

    assertEquals(mayBeWritten, writes.isSnapshotDue(run, SNAPSHOT::equals));
    if (!mayBeWritten) {
      writes.sendsLast(run);
    }

    Optional<Instant> sent = mayBeWritten ? Optional.empty() : Optional.of(second(snapshotted));
    assertEquals(sent, run.snapshotBegun());
    assertEquals(holdsAll ? Optional.empty() : Optional.of(second(6)), run.changedMeanwhile());
  }

  @Test
  void aWriteAfterTheSnapshotIsNewerThoughTheWallClockWasSetBackBetween() {
    AtomicReference<Instant> wall = new AtomicReference<>(second(7_200));
    AtomicLong nanos = new AtomicLong();
    InstantSource clock = new SteadyClock(wall::get, nanos::get);
    VolumeWrites writes = new VolumeWrites();
    ReplicationRun first = run(clock);
    first.waitsFor(Wait.SNAPSHOT);
    writes.snapshotted(first, SNAPSHOT);

    wall.set(second(3_900));
    nanos.addAndGet(Duration.ofMinutes(5).toNanos());
    writes.changed(VOLUME, clock.instant());

    assertTrue(writes.isSnapshotDue(run(clock), SNAPSHOT::equals));
  }

  @Test
  void whatADestroyedSnapshotHeldIsSnapshottedAgain() {
    VolumeWrites writes = new VolumeWrites();
    ReplicationRun first = run(7);
    first.waitsFor(Wait.SNAPSHOT);
    writes.snapshotted(first, SNAPSHOT);

    assertTrue(writes.isSnapshotDue(run(5), new Guid(2)::equals), "beside it");
    assertTrue(writes.isSnapshotDue(run(8), new Guid(2)::equals), "after it");
  }

  private static ReplicationRun run(int second) {
    return run(() -> second(second));
  }

  private static ReplicationRun run(InstantSource clock) {
    Copy copy = new Copy(VOLUME, NodeId.random());
    return new ReplicationRun(UUID.randomUUID(), copy, clock, FanOut.alone());
  }

  private static Instant second(int second) {
    return Instant.ofEpochSecond(second);
  }
}
