package io.flocker.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {
  @Test
  void isReadAsItWasWritten() {
    EventId id = new EventId("0123456789abcdef", 42);

    assertEquals(id, EventId.parse(id.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "0123456789abcdef-",
        "0123456789abcdef-01",
        "0123456789abcdef--1",
        "0123456789abcdef-9999999999999999999",
        "0123456789ABCDEF-1",
        "0123456789abcdef-1\n"
      })
  void isNothingElse(String text) {
    assertThrows(IllegalArgumentException.class, () -> EventId.parse(text));
  }
}
