package io.flocker.cli.watch;

import io.flocker.cli.console.PlainText;
import io.flocker.cli.watch.Line.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Volumes in columns as wide as their widest cell; where there is less room, fewer columns. */
final class VolumeTable {
  private static final String GAP = "  ";
  private static final int OWNER_FROM = 50;
  private static final int USED_FROM = 64;
  private static final int LEAST_NAME = 10;
  private static final int LEAST_MORE = 8;
  private static final int WIDEST_OWNER = 16;

  private final List<Column> columns = new ArrayList<>();
  private final int width;

  /** The columns that these rows have in {@code width}; all of them, whichever are shown. */
  VolumeTable(List<VolumeRow> rows, int width) {
    this.width = width;
    List<Column> others = new ArrayList<>();
    if (width >= OWNER_FROM) {
      others.add(Column.of("OWNER", VolumeRow::owner, rows, WIDEST_OWNER));
    }
    others.add(Column.of("STATE", row -> row.condition().toString(), rows, width));
    others.add(Column.of("BEHIND", VolumeRow::behind, rows, width));
    if (width >= USED_FROM) {
      others.add(Column.of("USED", VolumeRow::used, rows, width));
    }
    int taken = others.stream().mapToInt(column -> column.width() + GAP.length()).sum();
    columns.add(Column.of("VOLUME", VolumeRow::name, rows, Math.max(LEAST_NAME, width - taken)));
    columns.addAll(others);
    int left = width - taken - columns.getFirst().width() - GAP.length();
    if (left >= LEAST_MORE) {
      columns.add(new Column("COPIES AT", VolumeRow::more, left));
    }
  }

  Line titles() {
    return Line.strong(joined(Column::title));
  }

  Line line(VolumeRow row) {
    return new Line(
        joined(column -> PlainText.of(column.cell().apply(row))),
        row.condition().isAlarming() ? Look.ALARMING : Look.USUAL);
  }

  private String joined(Function<Column, String> cell) {
    StringBuilder line = new StringBuilder();
    for (Column column : columns) {
      String text = Line.cut(cell.apply(column), column.width());
      line.append(text).repeat(' ', column.width() - text.length()).append(GAP);
    }
    return Line.cut(line.toString().stripTrailing(), width);
  }

  private record Column(String title, Function<VolumeRow, String> cell, int width) {
    static Column of(
        String title, Function<VolumeRow, String> cell, List<VolumeRow> rows, int widest) {
      int wide =
          rows.stream()
              .mapToInt(row -> PlainText.of(cell.apply(row)).length())
              .reduce(title.length(), Math::max);
      return new Column(title, cell, Math.min(wide, widest));
    }
  }
}
