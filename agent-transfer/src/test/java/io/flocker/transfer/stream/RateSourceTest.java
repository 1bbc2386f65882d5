package io.flocker.transfer.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateSourceTest {
  @Test
  void ofTwoLimitsTheSlowerOneHoldsAtEveryMoment() {
    AtomicLong day = new AtomicLong(3);
    RateSource both = RateSource.of(OptionalLong.of(5)).and(() -> OptionalLong.of(day.get()));
    assertEquals(OptionalLong.of(3), both.bytesPerSecond());

    day.set(7);

    assertEquals(OptionalLong.of(5), both.bytesPerSecond());
  }

  @Test
  void whoSaysNothingLimitsNothing() {
    RateSource five = RateSource.of(OptionalLong.of(5));
    assertEquals(OptionalLong.of(5), five.and(RateSource.FREE).bytesPerSecond());
    assertEquals(OptionalLong.of(5), RateSource.FREE.and(five).bytesPerSecond());
    assertEquals(OptionalLong.empty(), RateSource.FREE.and(RateSource.FREE).bytesPerSecond());
  }

  @Test
  void aRateIsMoreThanNothing() {
    assertThrows(IllegalArgumentException.class, () -> RateSource.of(OptionalLong.of(0)));
    assertEquals(OptionalLong.of(1), RateSource.of(OptionalLong.of(1)).bytesPerSecond());
  }
}
