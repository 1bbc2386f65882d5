package io.flocker.cli.watch;

import io.flocker.cli.console.WrappedText;
import io.flocker.cli.watch.Line.Look;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines about one thing, the most important first, with a word before the first that says about
 * what. Takes as many lines as it is given.
 */
record Section(List<Line> lines) {
  /** Room for the word. */
  static final int LABEL = 8;

  Section {
    lines = List.copyOf(lines);
  }

  /** One of lines of any width; none if there are none. */
  static Section of(String label, List<Line> lines) {
    List<Line> labelled = new ArrayList<>();
    for (Line line : lines) {
      String word = labelled.isEmpty() ? label : "";
      labelled.add(new Line(word + " ".repeat(LABEL - word.length()) + line.text(), line.look()));
    }
    return new Section(labelled);
  }

  /** A text in as many lines as it takes, broken between words. */
  static List<Line> wrapped(String text, Look look, int columns) {
    int width = Math.max(1, columns - LABEL);
    return WrappedText.of(new Line(text, look).text(), width).stream()
        .map(line -> new Line(line, look))
        .toList();
  }

  /** The first lines; the last of them tells how many there is no room for. */
  List<Line> first(int rows, int columns) {
    if (rows >= lines.size()) {
      return lines.stream().map(line -> line.within(columns)).toList();
    }
    if (rows <= 0) {
      return List.of();
    }
    List<Line> shown =
        new ArrayList<>(
            lines.subList(0, rows - 1).stream().map(line -> line.within(columns)).toList());
    Line last = lines.get(rows - 1);
    String more = " (+" + (lines.size() - rows) + " more)";
    shown.add(
        new Line(Line.cut(last.text(), Math.max(0, columns - more.length())) + more, last.look())
            .within(columns));
    return shown;
  }

  /**
   * Gives each section a line, then another, for as long as there are some; the first ones have the
   * first choice.
   */
  static List<Line> share(List<Section> sections, int rows, int columns) {
    int[] given = new int[sections.size()];
    int left = rows;
    for (int before = -1; left > 0 && left != before; ) {
      before = left;
      for (int i = 0; i < given.length && left > 0; i++) {
        if (given[i] < sections.get(i).lines().size()) {
          given[i]++;
          left--;
        }
      }
    }
    List<Line> shown = new ArrayList<>();
    for (int i = 0; i < given.length; i++) {
      shown.addAll(sections.get(i).first(given[i], columns));
    }
    return shown;
  }
}
