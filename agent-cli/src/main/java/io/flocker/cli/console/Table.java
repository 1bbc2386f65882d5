package io.flocker.cli.console;

import java.util.ArrayList;
import java.util.List;

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
    return rows.stream().map(this::line).toList();
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      line.append(cell).repeat(' ', widths[column] - cell.length()).append(GAP);
    }
    return line.toString().stripTrailing();
  }
}
