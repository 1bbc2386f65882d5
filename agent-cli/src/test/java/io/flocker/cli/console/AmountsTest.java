package io.flocker.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1572864, 1.5 MiB",
    "536870912, 512.0 MiB",
    "9223372036854775807, 8.0 EiB"
  })
  void usesTheLargestUnitThatIsFilled(long bytes, String text) {
    assertEquals(text, Amounts.bytes(bytes));
  }

  @ParameterizedTest
  @CsvSource({"PT5M59S, 5 min", "PT1H59M, 1 h", "PT47H59M, 47 h", "PT48H, 2 d", "PT240H, 10 d"})
  void saysRoughlyHowLongItIs(Duration time, String text) {
    assertEquals(text, Amounts.roughly(time));
  }

  @Test
  void showsHoursOnlyWhereThereAreAny() {
    assertEquals("0:07", Amounts.time(Duration.ofSeconds(7)));
    assertEquals("2:03:04", Amounts.time(Duration.ofSeconds(7384)));
  }
}
