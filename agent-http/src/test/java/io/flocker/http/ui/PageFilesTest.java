package io.flocker.http.ui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the files of the page hold. */
class PageFilesTest {
  private static final Pattern COLOR = Pattern.compile("--([a-z]+): #([0-9a-f]{6});");

  /** What would take text for HTML or a program, change something, or go elsewhere. */
  private static final List<Pattern> FORBIDDEN =
      List.of(
          Pattern.compile("(?i)(inner|outer)HTML"),
          Pattern.compile("insertAdjacent|document\\.write|createContextualFragment|DOMParser"),
          Pattern.compile("\\beval\\b|\\bFunction\\(|import\\("),
          Pattern.compile("set(Timeout|Interval)\\([\"'`]"),
          Pattern.compile("\\bmethod\\b|XMLHttpRequest|sendBeacon|WebSocket|window\\.open"),
          Pattern.compile("\\b(POST|PUT|PATCH|DELETE)\\b"),
          Pattern.compile("localStorage|sessionStorage|document\\.cookie|indexedDB"),
          Pattern.compile("//[a-z0-9-]+\\.[a-z]"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ui.js",
        "ask.js",
        "graph.js",
        "node.js",
        "seen.js",
        "stream.js",
        "volumes.js",
        "words.js",
        "work.js",
        "docs.js"
      })
  void scriptsShowTextAndChangeNothing(String name) {
    String script = text(name).replace("http://www.w3.org/2000/svg", "");

    assertEquals(
        List.of(), FORBIDDEN.stream().filter(pattern -> pattern.matcher(script).find()).toList());
  }

  @Test
  void thePageHasNoScriptStyleOrHandlerInIt() {
    String page = text("index.html");

    for (String forbidden :
        List.of("<style", "\\bstyle=", "\\son[a-z]+=", "javascript:", "https?:", "<script>")) {
      assertTrue(!Pattern.compile(forbidden).matcher(page).find(), forbidden);
    }
    assertEquals(1, page.split("<script", -1).length - 1);
    assertTrue(!text("ui.css").contains("url(") && !text("ui.css").contains("@import"));
  }

  /** WCAG 2.2: 4.5 for text (1.4.3), 3 for what has to be told from its ground (1.4.11). */
  @ParameterizedTest
  @CsvSource({
    "0, ink, 4.5",
    "0, soft, 4.5",
    "0, accent, 4.5",
    "0, good, 4.5",
    "0, wait, 4.5",
    "0, bad, 4.5",
    "0, edge, 3",
    "0, sent, 3",
    "0, received, 3",
    "1, ink, 4.5",
    "1, soft, 4.5",
    "1, accent, 4.5",
    "1, good, 4.5",
    "1, wait, 4.5",
    "1, bad, 4.5",
    "1, edge, 3",
    "1, sent, 3",
    "1, received, 3"
  })
  void whatIsWrittenCanBeReadInTheLightAndInTheDark(int scheme, String ink, double least) {
    Map<String, String> colors = new HashMap<>();
    // Each scheme names all colours in turn: the light ones come first.
    COLOR
        .matcher(text("ui.css").split("@media \\(prefers-color-scheme: dark\\)", 3)[scheme])
        .results()
        .forEach((MatchResult hit) -> colors.put(hit.group(1), hit.group(2)));

    for (String ground : List.of("ground", "card")) {
      double contrast =
          contrast(
              Objects.requireNonNull(colors.get(ink), ink),
              Objects.requireNonNull(colors.get(ground), ground));
      assertTrue(contrast >= least, () -> ink + " on " + ground + " has " + contrast);
    }
  }

  private static double contrast(String one, String other) {
    double first = luminance(one);
    double second = luminance(other);
    return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
  }

  /** Relative luminance, as WCAG 2.2 defines it. */
  private static double luminance(String color) {
    double[] weights = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      double part = Integer.parseInt(color.substring(2 * i, 2 * i + 2), 16) / 255.0;
      sum += weights[i] * (part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
  }

  private static String text(String name) {
    try (InputStream file = PageRoutes.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
