package io.flocker.cli.watch;

import io.flocker.cli.watch.View.Page;
import java.util.ArrayList;
import java.util.List;

/** The last line: where one is, and which keys there are. */
final class Footer {
  private static final String GAP = "  ";
  private static final List<String> KEYS =
      List.of("? keys", "q quit", "s sort", "r reverse", "/ filter", "arrows scroll");

  private Footer() {}

  /** As much of it as has room, the most important first. */
  static Line of(View view, Page page, int columns) {
    if (view.isTyping()) {
      return Line.strong("only volumes with: " + view.filter() + "_").within(columns);
    }
    List<String> parts = new ArrayList<>();
    parts.add(where(page));
    parts.add("by " + view.order() + (view.isReversed() ? " reversed" : ""));
    if (!view.filter().isEmpty()) {
      parts.add("with '" + view.filter() + "' (Esc: all)");
    }
    parts.addAll(KEYS);
    StringBuilder foot = new StringBuilder();
    for (String part : parts) {
      String gap = foot.isEmpty() ? "" : GAP;
      if (foot.length() + gap.length() + part.length() <= columns) {
        foot.append(gap).append(part);
      }
    }
    return Line.strong(foot.toString()).within(columns);
  }

  private static String where(Page page) {
    if (page.total() == 0) {
      return "no volumes";
    }
    int last = Math.min(page.total(), page.first() + page.rows());
    return page.rows() == 0
        ? page.total() + " volumes"
        : "%d-%d of %d".formatted(page.first() + 1, last, page.total());
  }
}
