package io.flocker.transfer.handoff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PatientTriesTest {
  private static final VolumeId VOLUME = VolumeId.random();
  private static final NodeId PEER = NodeId.random();
  private static final Duration ROUND = Duration.ofSeconds(10);

  private Duration now = Duration.ZERO;
  private int times;
  private Optional<FailureException> refusal = Optional.empty();
  private final PatientTries tries = new PatientTries(() -> now.toNanos());

  @Test
  void whatIsDoneIsTriedOnce() {
    assertTrue(round());
    assertEquals(1, times);
  }

  @Test
  void whatIsRefusedUntilSomebodyDoesSomethingIsTriedEverLater() {
    refusal = Optional.of(TransferFailure.NO_COMMON_SNAPSHOT.because("nothing in common"));
    assertEquals(List.of(0L, 10L, 30L, 60L, 120L, 240L, 480L, 780L, 1080L), triesWithin(1200));
  }

  @Test
  void whoMayBeThereAgainSoonIsNotLeftForLong() {
    refusal = Optional.of(TransferFailure.PEER_UNREACHABLE.because("away"));
    List<Long> seconds = triesWithin(300);
    assertEquals(30, seconds.getLast() - seconds.get(seconds.size() - 2));
  }

  @Test
  void anotherReasonIsTriedAgainSoonAndWhatIsGoneIsForgotten() {
    refusal = Optional.of(TransferFailure.NO_COMMON_SNAPSHOT.because("nothing in common"));
    var _ = triesWithin(600);
    refusal = Optional.of(OwnershipFailure.VOLUME_EXISTS.because("a namesake"));
    now = now.plus(Duration.ofMinutes(5));
    assertFalse(round());
    refusal = Optional.empty();
    assertTrue(round());

    refusal = Optional.of(OwnershipFailure.VOLUME_EXISTS.because("a namesake"));
    var _ = triesWithin(600);
    tries.retain(List.of());
    refusal = Optional.empty();
    assertTrue(round());
  }

  /** When it was tried, in rounds as the daemon does them, by second. */
  private List<Long> triesWithin(int seconds) {
    List<Long> tried = new ArrayList<>();
    Duration end = now.plusSeconds(seconds);
    for (; now.compareTo(end) < 0; now = now.plus(ROUND)) {
      int before = times;
      boolean _ = round();
      if (times > before) {
        boolean _ = tried.add(now.toSeconds());
      }
    }
    return tried;
  }

  private boolean round() {
    return tries.run(
        VOLUME,
        PEER,
        () -> {
          times++;
          if (refusal.isPresent()) {
            throw refusal.get();
          }
        });
  }
}
