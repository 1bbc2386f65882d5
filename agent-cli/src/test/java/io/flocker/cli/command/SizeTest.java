package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTest {
  @ParameterizedTest
  @CsvSource({"4096, 4096", "1k, 1024", "512m, 536870912", "10GiB, 10737418240", "2gb, 2147483648"})
  void readsPowersOf1024(String text, long bytes) {
    assertEquals(bytes, Size.parse(text).bytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "1.5g", "10x", "9000000000t", "g"})
  void refusesWhatIsNoSize(String text) {
    assertThrows(IllegalArgumentException.class, () -> Size.parse(text));
  }
}
