package io.flocker.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.console.Paint;
import io.flocker.cli.watch.Line.Look;
import io.flocker.cli.watch.Picture.Size;
import io.flocker.cli.watch.View.Page;
import io.flocker.core.volume.Role;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Size USUAL = new Size(80, 24);

  private final Told cluster = new Told(NOW);
  private View view = View.FIRST;

  @Test
  void showsTheClusterInOneScreen() {
    cluster
        .peer("node-2", true)
        .peer("node-3", false)
        .volume("default.db", 2048)
        .copy("default.db", "node-2", "current", 0.5)
        .volume("default.web", 1024)
        .copy("default.web", "node-3", "failed", 200)
        .volume("default.new", 0)
        .running("push", "default.db", 256, 512)
        .wish();

    assertEquals(
        List.of(
            "127.0.0.1:4523  at 12:00:00  pool tank ONLINE, 1.0 KiB of 2.0 KiB free",
            "runs    push default.db  transfer       50%  256 B of 512 B  10 B/s  ETA 0:25",
            "peers   node-3 does not answer since 11:59:00",
            "        node-2 answers since 11:59:00",
            "amiss   default.web failed: node-3 failed, waits for the next try; one try has",
            "        failed: no room. Make some.",
            "wish    generation 5: not yet as wished",
            "        application web changing: start web",
            "",
            "VOLUME       OWNER  STATE    BEHIND  USED     COPIES AT",
            "default.web  here   failed   3:20    1.0 KiB  node-3 failed, waits for the ne...",
            "default.db   here   current  0.5 s   2.0 KiB  node-2",
            "default.new  here   mounted  -       0 B"),
        lines(USUAL).subList(0, 13));
    assertEquals(
        "1-3 of 3  by state  ? keys  q quit  s sort  r reverse  / filter  arrows scroll",
        lines(USUAL).getLast());
    assertEquals(24, lines(USUAL).size());
  }

  @Test
  void whatHasFailedIsToldByNames() {
    cluster
        .peer("node-2", true)
        .volume("default.db", 2048)
        .failedAt("push", "default.db", "node-2", NOW.minusSeconds(9));

    assertTrue(
        lines(USUAL).contains("failed  push default.db, 11:59:51: node node-2 has no default.db"),
        () -> String.join("\n", lines(USUAL)));
  }

  @Test
  void sortsByEachColumnAndPutsTheUnknownLast() {
    cluster
        .peer("node-2", true)
        .volume("default.a", 3)
        .copy("default.a", "node-2", "current", 1)
        .volume("default.b", 9)
        .copy("default.b", "node-2", "behind", 70)
        .volume("default.c", 5)
        .copy("default.gone", "node-2", "hindered", 10);

    assertEquals(List.of("gone", "b", "a", "c"), names(), "by state");
    press("r");
    assertEquals(List.of("c", "a", "b", "gone"), names());
    press("s");
    assertEquals(List.of("a", "b", "c", "gone"), names(), "by name");
    press("s");
    assertEquals(List.of("b", "gone", "a", "c"), names(), "by lag");
    press("r");
    assertEquals(List.of("a", "gone", "b", "c"), names());
    press("s");
    assertEquals(List.of("b", "c", "a", "gone"), names(), "by size");
    press("r");
    assertEquals(List.of("a", "c", "b", "gone"), names());
  }

  @Test
  void scrollsWithinWhatThereIs() {
    many(100);

    press("k");
    assertEquals("v000", names().getFirst(), "nothing is above the first");
    press(Keys.PAGE_DOWN);
    int rows = page(USUAL).rows();
    assertEquals("v%03d".formatted(rows), names().getFirst());
    press("j", "j", "k");
    assertEquals("v%03d".formatted(rows + 1), names().getFirst());
    press(Keys.END);
    assertEquals("v099", names().getLast());
    press("j", Keys.PAGE_DOWN);
    assertEquals("v099", names().getLast(), "nothing is below the last");
    press(Keys.UP);
    assertEquals("v098", names().getLast());
    press(Keys.PAGE_UP);
    assertEquals("v%03d".formatted(98 - rows), names().getLast());
    press(Keys.HOME);
    assertEquals("v000", names().getFirst());
  }

  @Test
  void staysWithinWhatThereIsWhenTheWindowGrowsOrVolumesGo() {
    many(40);
    press("G");

    assertEquals("v039", names(new Size(80, 30)).getLast());
    assertEquals("v000", names(new Size(80, 60)).getFirst(), "all have room");
    press("k");
    press("/", "v", "0", "0", "\r");
    assertEquals(10, names().size());
  }

  @Test
  void filtersWhileSomebodyTypes() {
    many(30);
    press("/", "V", "0", "2", "x", Keys.DELETE);

    assertEquals("only volumes with: V02_", lines(USUAL).getLast());
    assertEquals(10, names().size());
    press("\r", "s");
    assertEquals(10, names().size(), "keys are keys again, and the filter stays");
    assertTrue(lines(USUAL).getLast().contains("with 'V02' (Esc: all)"), lines(USUAL).getLast());
    press("/", "q", "q");
    assertTrue(lines(USUAL).contains("no volume has 'V02qq'"));
    press(Keys.ESCAPE);
    assertEquals(30, page(USUAL).total());
    press("q");
    assertTrue(view.hasLeft());
  }

  @Test
  void showsTheKeysUntilAnother() {
    many(1);
    press("?");

    assertTrue(lines(USUAL).stream().anyMatch(line -> line.startsWith("q, Ctrl-C ")));
    assertEquals(
        "PgUp         a page up                  PgDn, space  a page down",
        lines(new Size(80, 7)).get(1));
    assertEquals("q, Ctrl-C    leave", lines(new Size(40, 14)).get(10));
    assertEquals(
        "PgDn, space  a page down (+8 more)", lines(new Size(40, 5)).get(3), "says what is cut");
    press("s");
    assertEquals(List.of("v000"), names());
    assertEquals(View.FIRST, view, "it has only gone back");
    press("?", "q");
    assertTrue(view.hasLeft());
  }

  @ParameterizedTest
  @CsvSource({"80,24", "40,10", "20,5", "10,3", "1,1", "300,80"})
  void fitsIntoEachWindow(int columns, int rows) {
    many(50);
    cluster.peer("node-2", true).peer("node-3", false).copy("default.v001", "node-3", "failed", 9);
    IntStream.range(0, 9).forEach(i -> cluster.running("push", "default.v00" + i, i, 10));
    for (String key : List.of("j", "?", "/", "x", Keys.ESCAPE, "G")) {
      press(key);

      List<String> lines = lines(new Size(columns, rows));

      assertEquals(rows, lines.size());
      lines.forEach(line -> assertTrue(line.length() <= columns, line));
    }
  }

  @Test
  void keepsWhatMattersInASmallWindow() {
    many(50);
    cluster.peer("node-2", true).peer("node-3", false).running("push", "default.v001", 1, 2);
    Size small = new Size(40, 10);

    assertEquals(
        List.of(
            "127.0.0.1:4523  at 12:00:00  pool tan...",
            "runs    push default.v001  50%  1 B o...",
            "peers   node-3 does not ans... (+1 more)"),
        lines(small).subList(0, 3));
    assertEquals(5, names(small).size());
    assertEquals("1-5 of 50  by state  ? keys  q quit", lines(small).getLast());
  }

  @Test
  void saysHowOldItIsWhereTheNodeDoesNotAnswer() {
    many(3);
    Seen lost = cluster.seen().lost("https://127.0.0.1:4523 refuses the connection");

    Picture soon = picture(lost, USUAL, NOW.plusSeconds(45));
    Picture late = picture(lost, USUAL, NOW.plusSeconds(3 * 60));
    Picture hung =
        picture(
            cluster.seen().unanswered(Optional.of(NOW.plusSeconds(5))), USUAL, NOW.plusSeconds(40));
    Picture slow =
        picture(
            cluster.seen().unanswered(Optional.of(NOW.plusSeconds(15))),
            USUAL,
            NOW.plusSeconds(40));

    assertEquals(
        "45 s old: no answer since 12:00:00; https://127.0.0.1:4523 refuses the connec...",
        soon.lines().get(1).text());
    assertEquals(Look.ALARMING, soon.lines().get(1).look());
    assertTrue(late.lines().get(1).text().startsWith("3 min old: "));
    assertEquals("40 s old: no answer since 12:00:00", hung.lines().get(1).text());
    assertEquals("", slow.lines().get(1).text(), "it was left alone for most of that");
    assertEquals(3, soon.page().total(), "what was known stays");
    assertEquals(
        "no answer yet: nobody is there",
        picture(Seen.NOTHING.lost("nobody is there"), USUAL, NOW).lines().get(1).text());
  }

  @Test
  void saysThatItIsOldInTheLowestWindow() {
    many(3);

    Picture low = picture(cluster.seen().lost("it is gone"), new Size(60, 6), NOW.plusSeconds(45));

    assertEquals("45 s old: no answer since 12:00:00; it is gone", low.lines().getFirst().text());
  }

  @Test
  void forgetsWhatHasFailedOnceItHasGoneWell() {
    cluster.volume("default.db", 1).failed("push", "default.db", NOW.minusSeconds(60));
    assertTrue(
        lines(USUAL).contains("failed  push default.db, 11:59:00: no room. Make some."),
        lines(USUAL)::toString);

    cluster.running("push", "default.db", 1, 2).failed("push", "default.db", NOW.minusSeconds(30));
    assertEquals(
        List.of("failed  push default.db, 11:59:30: no room. Make some."), beginning("failed "));

    cluster.succeeded("push", "default.db", NOW.minusSeconds(10));
    assertEquals(List.of(), beginning("failed "));
  }

  @Test
  void forgetsAHandoffOnceItsVolumeIsOnItsWayNoMore() {
    cluster
        .role(Role.RELEASED)
        .volume("default.db", 1)
        .role(Role.REPLICA)
        .volume("default.web", 1)
        .untaken("default.db", "node-2", NOW.minusSeconds(60))
        .untaken("default.web", "node-2", NOW.minusSeconds(50));

    assertEquals(List.of("failed  handoff default.db, 11:59:00: no answer"), beginning("failed "));
  }

  @Test
  void makesWhatOthersHaveChosenHarmless() {
    cluster.warning("title\033[2J", "a\nb").mountReason("\033]0;x\007").volume("default.v", 1);

    List<String> lines = lines(new Size(120, 24));

    assertTrue(lines.contains("warns   title\\x{1b}[2J: a\\x{a}b"), lines::toString);
    lines.forEach(line -> assertFalse(line.contains("\033"), line));
  }

  @Test
  void paintsForThoseWhoWantIt() {
    Line line = Line.alarming("x");

    assertEquals("\033[31mx\033[0m", line.painted(new Paint(true)));
    assertEquals("x", line.painted(new Paint(false)));
  }

  @Test
  void tellsAllOfItToWhoHasNoWindow() {
    many(100);

    List<String> lines = Picture.whole(cluster.seen(), "asked", NOW, ZoneOffset.UTC);

    assertEquals(
        "VOLUME        OWNER  STATE    BEHIND  USED  COPIES AT", lines.get(lines.size() - 101));
    assertEquals("default.v099  here   mounted  -       1 B", lines.getLast());
  }

  private void many(int volumes) {
    IntStream.range(0, volumes).forEach(i -> cluster.volume("default.v%03d".formatted(i), 1));
  }

  private List<String> beginning(String word) {
    return lines(USUAL).stream().filter(line -> line.startsWith(word)).toList();
  }

  private void press(String... keys) {
    for (String key : keys) {
      view = view.after(key, page(USUAL));
    }
  }

  private Page page(Size size) {
    return picture(cluster.seen(), size, NOW).page();
  }

  private List<String> lines(Size size) {
    return picture(cluster.seen(), size, NOW).lines().stream().map(Line::text).toList();
  }

  /** Of the volumes that are shown, without their namespace. */
  private List<String> names() {
    return names(USUAL);
  }

  private List<String> names(Size size) {
    List<String> lines = lines(size);
    int titles =
        IntStream.range(0, lines.size())
            .filter(i -> lines.get(i).startsWith("VOLUME "))
            .findFirst()
            .orElseThrow();
    return lines.subList(titles + 1, lines.size() - 1).stream()
        .filter(line -> !line.isEmpty())
        .map(line -> line.substring(0, line.indexOf(' ')).replace("default.", ""))
        .toList();
  }

  private Picture picture(Seen seen, Size size, Instant now) {
    return Picture.of(seen, view, size, "asked", now, ZoneOffset.UTC);
  }
}
