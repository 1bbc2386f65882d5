package io.flocker.core.replicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How a copy stands by what is known of it, with a pause of 1 s and a lag of 60 s allowed. */
class TrackedCopyTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final Copy COPY = new Copy(VolumeId.random(), NodeId.random());
  private static final Wanted WANTED =
      new Wanted(VolumeName.parse("default.tracked"), Island.policy(COPY.peer()));

  static Stream<Arguments> standings() {
    CopyRecord current = arrived(ago(10_000));
    CopyRecord drifted =
        current.verified(new Verified(new Guid(1), "flk.1", ago(9_000), Optional.of(Map.of())));
    return Stream.of(
        arguments("nothing yet", CopyRecord.fresh(COPY, NOW), "new", "place", 0.0),
        arguments("all there", current, "current", "change", 0.0),
        arguments("written just now", current.changed(NOW), "current", "place", 0.0),
        arguments("written too soon", arrived(ago(900)).changed(ago(800)), "current", "pause", 0.8),
        arguments(
            "the pause is over", arrived(ago(1_000)).changed(ago(1)), "current", "place", .001),
        arguments("as late as it may be", current.changed(ago(60_000)), "current", "place", 60.0),
        arguments("later", current.changed(ago(60_001)), "behind", "place", 60.001),
        arguments("by a clock set back", current.changed(ago(-5_000)), "current", "pause", 0.0),
        arguments(
            "somebody at work",
            failed(current, OwnershipFailure.VOLUME_LOCKED),
            "current",
            "retry",
            2.0),
        arguments(
            "a peer away",
            failed(current, TransferFailure.PEER_UNREACHABLE),
            "failed",
            "retry",
            2.0),
        arguments(
            "another history", failed(current, TransferFailure.DIVERGED), "hindered", "retry", 2.0),
        arguments("other files", drifted, "drifted", "change", 0.0),
        arguments("other files, late", drifted.changed(ago(99_000)), "drifted", "place", 99.0),
        arguments(
            "other files, somebody at work",
            failed(drifted, OwnershipFailure.VOLUME_LOCKED),
            "drifted",
            "retry",
            2.0),
        arguments(
            "other files, a peer away",
            failed(drifted, TransferFailure.PEER_UNREACHABLE),
            "failed",
            "retry",
            2.0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("standings")
  void standsByWhatIsKnownOfIt(
      String why, CopyRecord record, String state, String waitsFor, double lagSeconds) {
    CopyStatus status = new TrackedCopy(COPY, WANTED, record, NOW).status(NOW);

    assertEquals(state, status.state().toString());
    assertEquals(waitsFor, status.waitsFor().step());
    assertEquals(lagSeconds, status.lagSeconds());
  }

  @Test
  void theNextTryIsToldToTheSecond() {
    CopyRecord away = failed(arrived(ago(10_000)), TransferFailure.PEER_UNREACHABLE);

    String text = new TrackedCopy(COPY, WANTED, away, NOW).status(NOW).waitsFor().text();
    assertTrue(text.matches("the next try, at 2026-[0-9T:-]+Z"), text);
  }

  @Test
  void aSnapshotOfLaterThanNowKeepsNothingWaiting() {
    CopyRecord restarted = arrived(ago(-3_600_000)).changed(NOW);

    assertEquals(
        Optional.of(NOW.plus(WANTED.policy().minInterval())),
        new TrackedCopy(COPY, WANTED, restarted, NOW).due());
  }

  private static CopyRecord arrived(Instant taken) {
    return CopyRecord.fresh(COPY, taken)
        .arrived(new Arrival(new Guid(1), "flk.1", taken, taken), Optional.empty());
  }

  private static CopyRecord failed(CopyRecord before, Failure why) {
    return before.changed(ago(2_000)).failed(Setback.after(0, why.because("so"), ago(1)));
  }

  private static Instant ago(long millis) {
    return NOW.minus(Duration.ofMillis(millis));
  }
}
