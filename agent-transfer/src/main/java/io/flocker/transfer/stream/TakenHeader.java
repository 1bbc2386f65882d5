package io.flocker.transfer.stream;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** The header of an interim 102 that says how far a receiver has come, {@value #NAME}. */
final class TakenHeader {
  static final String NAME = "Flocker-Taken";

  private static final String LOWER_CASE_NAME = NAME.toLowerCase(Locale.ROOT);

  private TakenHeader() {}

  static Map<String, String> of(long bytes) {
    return Map.of(NAME, Long.toString(bytes));
  }

  /** Reads the header; empty where it is missing or no number: a heartbeat counts all the same. */
  static OptionalLong in(Map<String, String> headers) {
    String text = headers.getOrDefault(LOWER_CASE_NAME, "");
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }
}
