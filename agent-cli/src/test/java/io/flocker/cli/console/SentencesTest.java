package io.flocker.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentencesTest {
  @ParameterizedTest
  @CsvSource({
    "the peer is away, Try later., the peer is away. Try later.",
    "Nobody listens there., Try later., Nobody listens there. Try later.",
    "the peer is away, '', the peer is away"
  })
  void endsWhatHasNoEnd(String first, String second, String text) {
    assertEquals(text, Sentences.join(first, second));
  }
}
