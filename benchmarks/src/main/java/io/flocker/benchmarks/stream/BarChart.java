package io.flocker.benchmarks.stream;

import java.util.List;

/** Bars side by side, as SVG that reads well on light and dark pages. */
final class BarChart {
  /**
   * One bar.
   *
   * @param isOurs whether it stands out
   */
  record Bar(String label, double value, String note, boolean isOurs) {}

  private static final int WIDTH = 760;
  private static final int LEFT = 300;
  private static final int LONGEST = 330;
  private static final int ROW = 26;
  private static final int THICKNESS = 18;
  private static final int HEAD = 34;

  private BarChart() {}

  static String svg(String title, List<Bar> bars) {
    double most = bars.stream().mapToDouble(Bar::value).max().orElse(1);
    int height = HEAD + ROW * bars.size() + 8;
    StringBuilder svg = new StringBuilder(2048);
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        <text x="12" y="22" font-size="15" font-weight="bold" fill="#222222">%s</text>
        """
            .formatted(WIDTH, height, title));
    int y = HEAD;
    for (Bar bar : bars) {
      svg.append(
          """
          <text x="%d" y="%d" text-anchor="end" fill="#222222">%s</text>
          <rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>
          <text x="%.1f" y="%d" fill="#222222">%s</text>
          """
              .formatted(
                  LEFT - 8,
                  y + THICKNESS - 5,
                  bar.label(),
                  LEFT,
                  y,
                  bar.value() / most * LONGEST,
                  THICKNESS,
                  bar.isOurs() ? "#0b6e4f" : "#9fb3c8",
                  LEFT + bar.value() / most * LONGEST + 6,
                  y + THICKNESS - 5,
                  bar.note()));
      y += ROW;
    }
    return svg.append("</svg>\n").toString();
  }
}
