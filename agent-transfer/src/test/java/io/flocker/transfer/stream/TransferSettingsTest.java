package io.flocker.transfer.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
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
}
