package io.flocker.zfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeReaderTest {
  @ParameterizedTest
  @DisplayName("R18 an absurd estimate is unknown")
  @CsvSource({
    "268910704, 268910704",
    "9223372036854775807, 9223372036854775807",
    "9223372036854775808, ",
    "18446744073709551615, ",
    "0, "
  })
  void readsAnEstimate(String printed, Long expected) {
    OptionalLong size =
        SizeReader.estimate("full\ttank/src@a\t" + printed + "\nsize\t" + printed + "\n");

    assertEquals(expected == null ? OptionalLong.empty() : OptionalLong.of(expected), size);
  }

  @Test
  void readsNoEstimateWhereThereIsNone() {
    assertEquals(OptionalLong.empty(), SizeReader.estimate(""));
  }
}
