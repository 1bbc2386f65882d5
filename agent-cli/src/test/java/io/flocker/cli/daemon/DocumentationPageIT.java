package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flocker.core.failure.Failure;
import io.flocker.http.ui.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The page for people, as Chromium shows it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentationPageIT {
  /** Writes into the page what only a browser knows: how wide it is, how light its ground. */
  private static final String PROBE =
      """
      <script>
      const root = document.documentElement;
      const luminance = color => color.match(/[0-9.]+/g).slice(0, 3)
        .map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
      const ground = luminance(getComputedStyle(document.body).backgroundColor);
      const contrasts = [...document.querySelectorAll("h1, h3, p, a, dd, .light, .verb, .status")]
        .map(text => luminance(getComputedStyle(text).color))
        .map(ink => (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05));
      root.dataset.overflow = root.scrollWidth - root.clientWidth;
      root.dataset.ground = ground > 0.5 ? "light" : "dark";
      root.dataset.contrast = Math.min(...contrasts).toFixed(2);
      root.dataset.dead = [...document.querySelectorAll("a[href^='#']")]
        .filter(link => !document.getElementById(link.getAttribute("href").slice(1))).length;
      </script>
      """;

  /** For text (WCAG 2.2, section 1.4.3). */
  private static final double LEAST_CONTRAST = 4.5;

  private static final Pattern HEADING = Pattern.compile("<h([1-6])\\b");

  private static final int DARK = 0; // Chromium's public/mojom/css/preferred_color_scheme.mojom
  private static final int LIGHT = 1;
  private static final long BROWSER_SECONDS = 300;
  private static final int PHONE = 390;
  private static final int DESK = 1280;

  private PublishedApi api;
  private String onPhone = "";
  private String onDesk = "";

  @BeforeAll
  void show(@TempDir Path folder) throws Exception {
    api = PublishedApi.fetch(folder);
    Path page = folder.resolve("page.html");
    Files.writeString(page, api.page() + PROBE);
    onPhone = shown(page, PHONE, LIGHT);
    onDesk = shown(page, DESK, DARK);
  }

  @Test
  void tellsOfEveryOperationSchemaAndProblem() {
    Set<String> expected = new TreeSet<>();
    api.document().findValues("operationId").forEach(id -> expected.add(id.stringValue()));
    api.document()
        .at("/components/schemas")
        .propertyNames()
        .forEach(name -> expected.add("schema-" + name));
    Failure.all()
        .forEach(failure ->
            expected.add("problem-" + failure.type().substring(Failure.TYPE_PREFIX.length())));

    expected.removeIf(id -> onDesk.contains("id=\"" + id + "\""));

    assertEquals(Set.of(), expected, "what the page does not tell of");
  }

  @Test
  void needsNothingFromElsewhere() {
    String page = api.page().replace("<script type=\"module\" src=\"/ui/docs.js\">", "");
    assertFalse(page.contains("<script"));
    assertFalse(page.contains("<link"));
    assertFalse(page.contains("src="));
    assertFalse(api.page().contains("url("));
    assertFalse(api.page().contains("href=\"http"));
  }

  @Test
  void fitsAPhoneAndADesk() {
    assertEquals("0", told(onPhone, "overflow"));
    assertEquals("0", told(onDesk, "overflow"));
  }

  @Test
  void canBeReadInTheLightAndInTheDark() {
    assertEquals("light", told(onPhone, "ground"));
    assertEquals("dark", told(onDesk, "ground"));
    for (String shown : List.of(onPhone, onDesk)) {
      double contrast = Double.parseDouble(told(shown, "contrast"));
      assertTrue(contrast >= LEAST_CONTRAST, () -> "some text has a contrast of " + contrast);
    }
  }

  @Test
  void linksOnlyToWhatIsThere() {
    assertEquals("0", told(onDesk, "dead"));
  }

  @Test
  void canBeFollowedByWhoeverDoesNotSeeIt() {
    assertTrue(api.page().contains("<html lang=\"en\">"));
    assertTrue(api.page().contains("<main id=\"content\">"));
    assertTrue(api.page().contains("href=\"#content\""));
    int level = 0;
    Matcher headings = HEADING.matcher(api.page());
    while (headings.find()) {
      int next = Integer.parseInt(headings.group(1));
      assertTrue(next <= level + 1, () -> "a heading of level " + next + " at " + headings.start());
      level = next;
    }
  }

  /** The document as Chromium has it once it is shown. */
  private static String shown(Path page, int width, int scheme)
      throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Chromium.PROGRAM), "needs Chromium");
    Path profile = Files.createTempDirectory(page.getParent(), "profile");
    Path output = profile.resolve("dom.html");
    List<String> command =
        Chromium.command(
            profile,
            "--window-size=" + width + ",900",
            "--blink-settings=preferredColorScheme=" + scheme,
            "--dump-dom",
            page.toUri().toString());
    Process browser =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(profile.resolve("stderr").toFile())
            .start();
    if (!browser.waitFor(BROWSER_SECONDS, TimeUnit.SECONDS)) {
      browser.destroyForcibly();
      throw new AssertionError("Chromium does not end");
    }
    assertEquals(0, browser.exitValue(), "exit status of Chromium");
    return Files.readString(output);
  }

  private static String told(String shown, String name) {
    Matcher value = Pattern.compile("data-" + name + "=\"([^\"]*)\"").matcher(shown);
    assertTrue(value.find(), () -> "the probe told no " + name);
    return value.group(1);
  }
}
