package io.flocker.cli.watch;

import io.flocker.cli.watch.View.Page;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * What is seen in a window.
 *
 * @param lines from the top, no more than it has rows, none wider than it is
 * @param page of volumes that is there to be scrolled
 */
record Picture(List<Line> lines, Page page) {
  private static final int LEAST_VOLUMES = 3;

  /** Windows that are lower have no room for an empty line. */
  private static final int ROOMY = 16;

  /** Wider than anything that a node tells. */
  private static final int UNBOUNDED = 1_000_000;

  /** Of one key and what it does. */
  private static final int HELP_COLUMNS = 40;

  private static final List<String> HELP =
      List.of(
          "up, k        a line up",
          "down, j      a line down",
          "PgUp         a page up",
          "PgDn, space  a page down",
          "Home, g      the first volume",
          "End, G       the last volume",
          "s            sort by the next column",
          "r            sort the other way round",
          "/            only volumes with a text",
          "Enter, Esc   keep that text, show all",
          "q, Ctrl-C    leave",
          "other keys   go back to the volumes");

  Picture {
    lines = List.copyOf(lines);
  }

  /** A window's size. */
  record Size(int columns, int rows) {}

  /**
   * Draws it.
   *
   * @param asked where the node is asked
   */
  static Picture of(Seen seen, View view, Size size, String asked, Instant now, ZoneId zone) {
    List<VolumeRow> rows =
        VolumeRow.of(seen).stream()
            .filter(row -> row.has(view.filter()))
            .sorted(view.order().comparator(view.isReversed()))
            .toList();
    boolean isRoomy = size.rows() >= ROOMY;
    int fixed = isRoomy ? 3 : 2; // The titles of the table, the foot, an empty line.
    int kept = Math.min(Math.max(1, rows.size()), Math.max(LEAST_VOLUMES, size.rows() / 2));
    int top = Math.max(1, size.rows() - fixed - kept);
    List<Line> lines = new ArrayList<>();
    if (!view.isHelp()) {
      lines.addAll(
          Section.share(
              new Heading(seen, asked, size.columns(), now, zone).sections(top),
              top,
              size.columns()));
      if (isRoomy) {
        lines.add(Line.of(""));
      }
    }
    int room = Math.max(0, size.rows() - lines.size() - 2);
    Page page = Page.at(view.first(), room, rows.size());
    lines.addAll(view.isHelp() ? help(room + 1, size) : volumes(seen, view, rows, page, size));
    List<Line> all = new ArrayList<>(lines.subList(0, Math.min(lines.size(), size.rows() - 1)));
    while (all.size() < size.rows() - 1) {
      all.add(Line.of(""));
    }
    all.add(Footer.of(view, page, size.columns()));
    return new Picture(all, page);
  }

  /** All that there is to see, a line for each thing, for whoever has no window. */
  static List<String> whole(Seen seen, String asked, Instant now, ZoneId zone) {
    List<Line> lines = new ArrayList<>();
    new Heading(seen, asked, UNBOUNDED, now, zone)
        .sections(UNBOUNDED)
        .forEach(section -> lines.addAll(section.lines()));
    List<VolumeRow> rows =
        VolumeRow.of(seen).stream().sorted(Order.NAME.comparator(false)).toList();
    lines.addAll(
        volumes(
            seen,
            View.FIRST,
            rows,
            new Page(0, rows.size(), rows.size()),
            new Size(UNBOUNDED, UNBOUNDED)));
    return lines.stream().map(Line::text).toList();
  }

  private static List<Line> help(int rows, Size size) {
    int aside = size.columns() < 2 * HELP_COLUMNS ? 1 : 2;
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < HELP.size(); i += aside) {
      String first = HELP.get(i);
      lines.add(
          Line.of(
              aside == 1
                  ? first
                  : first + " ".repeat(HELP_COLUMNS - first.length()) + HELP.get(i + 1)));
    }
    return new Section(lines).first(rows, size.columns());
  }

  private static List<Line> volumes(
      Seen seen, View view, List<VolumeRow> rows, Page page, Size size) {
    if (rows.isEmpty()) {
      return List.of(Line.faint(nothing(seen, view)).within(size.columns()));
    }
    VolumeTable table = new VolumeTable(rows, size.columns());
    List<Line> lines = new ArrayList<>();
    lines.add(table.titles());
    rows.stream().skip(page.first()).limit(page.rows()).map(table::line).forEach(lines::add);
    return lines;
  }

  private static String nothing(Seen seen, View view) {
    if (!view.filter().isEmpty()) {
      return "no volume has '" + view.filter() + "'";
    }
    return seen.volumes().isPresent() ? "no volumes are here" : "volumes are not known yet";
  }
}
