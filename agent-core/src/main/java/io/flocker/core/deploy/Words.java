package io.flocker.core.deploy;

import java.util.List;
import java.util.stream.Stream;

/** Enumerations by the words that documents have for them. */
final class Words {
  private Words() {}

  /**
   * The one of {@code choices} that is written as {@code text}.
   *
   * @param what with its article, for the message
   * @throws IllegalArgumentException naming all choices
   */
  static <T extends Enum<T>> T parse(String what, String text, T[] choices) {
    return Stream.of(choices)
        .filter(choice -> choice.toString().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                what + " is one of " + List.of(choices) + ", not '" + text + "'"));
  }
}
