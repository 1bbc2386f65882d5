package io.flocker.cli.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Rows of text in columns as wide as their widest cell. */
public final class Table {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private final int[] widths;

  /** A table with these column titles. */
  public Table(String... titles) {
    this.widths = new int[titles.length];
    row(titles);
  }

  /** Adds a row; one cell a column. */
  public Table row(String... cells) {
    for (int column = 0; column < widths.length; column++) {
      widths[column] = Math.max(widths[column], cells[column].length());
    }
    rows.add(List.of(cells));
    return this;
  }

  /** The lines, titles first, without trailing blanks. */
  public List<String> lines() {
    return lines(IntStream.range(0, widths.length));
  }

  /**
   * The same of some columns in their order.
   *
   * @param titles of them, in any case; a hyphen may stand for a blank
   * @throws IllegalArgumentException if there is no such column, naming those that there are
   */
  public List<String> lines(List<String> titles) {
    List<String> there = rows.getFirst().stream().map(Table::word).toList();
    for (String title : titles) {
      if (!there.contains(word(title))) {
        throw new IllegalArgumentException(
            "there is no column '" + title + "', but " + String.join(", ", there));
      }
    }
    return lines(titles.stream().mapToInt(title -> there.indexOf(word(title))));
  }

  private static String word(String title) {
    return title.toLowerCase(Locale.ROOT).replace(' ', '-');
  }

  private List<String> lines(IntStream columns) {
    int[] shown = columns.toArray();
    return rows.stream().map(row -> line(row, shown)).toList();
  }

  private String line(List<String> cells, int[] shown) {
    StringBuilder line = new StringBuilder();
    for (int column : shown) {
      String cell = cells.get(column);
      line.append(cell).repeat(' ', widths[column] - cell.length()).append(GAP);
    }
    return line.toString().stripTrailing();
  }
}
