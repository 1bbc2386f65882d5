package io.flocker.core.yaml;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.yaml.YamlValue.Entry;
import io.flocker.core.yaml.YamlValue.Kind;
import io.flocker.core.yaml.YamlValue.Mapping;
import io.flocker.core.yaml.YamlValue.Scalar;
import io.flocker.core.yaml.YamlValue.Sequence;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlDocumentTest {
  @Test
  void knowsEveryValuesLine() throws YamlException {
    YamlDocument document = read("# comment\na: 1\nb:\n- x\n- {c: null}\n");

    assertEquals(
        new Mapping(
            2,
            List.of(
                new Entry(text(2, "a"), new Scalar(2, Kind.INTEGER, "1")),
                new Entry(
                    text(3, "b"),
                    new Sequence(
                        4,
                        List.of(
                            text(4, "x"),
                            new Mapping(
                                5,
                                List.of(
                                    new Entry(
                                        text(5, "c"), new Scalar(5, Kind.NOTHING, "null"))))))))),
        document.root());
    assertEquals(List.of(), document.repeats());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          a, TEXT
          '1', TEXT
          "true", TEXT
          yes, TEXT
          1, INTEGER
          -0x1f, TEXT
          0x1f, INTEGER
          1.5, DECIMAL
          1e3, DECIMAL
          true, BOOLEAN
          ~, NOTHING
          ``, NOTHING
          2026-01-01, TEXT
          <<, TEXT
          """)
  void scalarIsWhatItLooksLike(String text, Kind kind) throws YamlException {
    assertEquals(kind, ((Scalar) read(text).root()).kind());
  }

  @Test
  void namesEveryKeyThatIsGivenTwice() throws YamlException {
    YamlDocument document = read("a: {b: 1, b: 2}\nc:\n- d: 1\n  d: 2\n  'd': 3\na: 3\n");

    assertEquals(
        List.of(
            new YamlDocument.Repeat(1, "a.b"),
            new YamlDocument.Repeat(4, "c[0].d"),
            new YamlDocument.Repeat(5, "c[0].d"),
            new YamlDocument.Repeat(6, "a")),
        document.repeats());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a: &x 1;b: *x                   | 2 | aliases are not allowed; write the value again
          a: 1;b: !!int "1"               | 2 | tags are not allowed; write the value without 'tag:yaml.org,2002:int'
          a: !x {}                        | 1 | tags are not allowed; write the value without '!x'
          a: ! 1                          | 1 | tags are not allowed; write the value without '!'
          a: 1;---;b: 1                   | 2 | a second document begins; there is one only
          a: 1;? [b];: 2                  | 2 | a key is a text, not a list or a mapping
          a: 1;b: [                       | 2 | expected the node content, but found '<stream end>'
          a: 1;b: @                       | 2 | found character '@' that cannot start any token. (Do not use @ for indentation)
          a: 1;b: x\u0007x                | 2 | the character U+0007 is not allowed
          """)
  void refusesWhatIsNoPlainDocument(String text, int line, String problem) {
    YamlException refusal = assertThrows(YamlException.class, () -> read(text.replace(';', '\n')));

    assertEquals(OptionalInt.of(line), refusal.line());
    assertEquals(problem, refusal.problem());
  }

  @Test
  void refusesWhatIsTooDeepOrTooLong() {
    assertEquals(
        "line 1: it is nested deeper than 32 levels",
        assertThrows(YamlException.class, () -> read("[".repeat(100_000))).getMessage());
    assertEquals(
        "it is longer than 256 KiB",
        assertThrows(YamlException.class, () -> read("#".repeat(YamlDocument.MAX_BYTES + 1)))
            .getMessage());
  }

  @Test
  void namesTheLineThatIsNotUtf8() {
    byte[] bytes = "a: 1\nb: \u00e4\n".getBytes(ISO_8859_1);

    YamlException refusal = assertThrows(YamlException.class, () -> YamlDocument.read(bytes));

    assertEquals("line 2: it is not UTF-8", refusal.getMessage());
  }

  private static Scalar text(int line, String text) {
    return new Scalar(line, Kind.TEXT, text);
  }

  private static YamlDocument read(String text) throws YamlException {
    return YamlDocument.read(text.getBytes(UTF_8));
  }
}
