package io.flocker.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0B, 0",
    "64KiB, 65536",
    "1k, 1024",
    "512MiB, 536870912",
    "10G, 10737418240",
    "10gib, 10737418240",
    "1.5GiB, 1610612736",
    "2TiB, 2199023255552",
    "0.5B, 1",
    "8388607T, 9223370937343148032"
  })
  void readsSizesWithTheirUnit(String text, long bytes) {
    assertEquals(bytes, Quantity.bytes(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10", "1MB", "1.G", ".5G", "-1G", "1 G", "1P", "1e3K", "8388608T", "1,5G"})
  void refusesWhatIsNone(String text) {
    assertThrows(IllegalArgumentException.class, () -> Quantity.bytes(text));
  }
}
