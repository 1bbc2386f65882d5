package io.flocker.transfer.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TransferSettingsTest {
  @Test
  void defaultsDoNotChangeUnseen() {
    assertEquals(
        new TransferSettings(
            1048576,
            786432,
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofHours(1),
            Duration.ofSeconds(30),
            Duration.ofMillis(500),
            RateSource.FREE),
        TransferSettings.defaults());
    assertEquals(4096, TransferSettings.HELD_BACK_BYTES);
  }

  @Test
  void silenceIsLongerThanAHeartbeat() {
    Duration second = Duration.ofSeconds(1);
    assertThrows(IllegalArgumentException.class, () -> Settings.beating(second, second));
  }

  @Test
  void nothingWaitsForNoTime() {
    assertThrows(IllegalArgumentException.class, () -> Settings.stallingAfter(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> Settings.idleAfter(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> Settings.sendingAt(0));
  }

  @Test
  void pipesAndReadsHoldMoreThanWhatStaysBack() {
    TransferSettings usual = TransferSettings.defaults();
    for (int[] bytes : new int[][] {{4095, 4096}, {4096, 4095}}) {
      assertThrows(IllegalArgumentException.class, () -> sized(usual, bytes[0], bytes[1]));
    }
    assertEquals(4096, sized(usual, 4096, 4096).pipeBytes());
  }

  private static TransferSettings sized(TransferSettings usual, int pipeBytes, int readBytes) {
    return new TransferSettings(
        pipeBytes,
        readBytes,
        usual.heartbeat(),
        usual.silence(),
        usual.stall(),
        usual.idle(),
        usual.brokenGrace(),
        usual.rate());
  }

  @Test
  void anotherRateLimitsWhatIsSentAndNothingElse() {
    TransferSettings limited = Settings.sendingAt(7).and(() -> OptionalLong.of(5));

    assertEquals(OptionalLong.of(5), limited.rate().bytesPerSecond());
    assertEquals(sized(limited, 1048576, 786432), limited);
  }
}
