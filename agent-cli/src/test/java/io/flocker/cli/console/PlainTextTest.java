package io.flocker.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PlainTextTest {
  @Test
  void nothingTouchesTheTerminal() {
    assertEquals("a\\x{1b}]0;title\\x{7}b", PlainText.of("a\033]0;title\007b"));
    assertEquals("\\x{9b}31m \\x{7f}\\x{d}\\x{a}", PlainText.of("\u009b31m \177\r\n"));
    assertEquals("\\x{202e}gpj.exe\\x{2028}", PlainText.of("\u202egpj.exe\u2028"));
    assertEquals("\\x{d800}", PlainText.of("\ud800"));
  }

  @Test
  void whatIsShownStaysAsItIs() {
    assertEquals("größe 大きさ 🐬 (x)", PlainText.of("größe 大きさ 🐬 (x)"));
  }

  @Test
  void jsonStaysTheSameDocument() {
    assertEquals("{\"a\":\"\\u009b\\u007fü\"}", PlainText.ofJson("{\"a\":\"\u009b\177ü\"}"));
    assertEquals("\"\\u202e😀\"", PlainText.ofJson("\"\u202e😀\""));
  }
}
