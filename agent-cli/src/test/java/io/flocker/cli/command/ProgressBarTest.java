package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.console.ProgressText;
import io.flocker.cli.console.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressBarTest {
  @Test
  void showsPhaseBarAndFigures() {
    assertEquals(
        "transfer      [##########----------]   50%  256.0 MiB of 512.0 MiB  10.0 MiB/s  ETA"
            + " 0:25",
        ProgressText.line(Operations.running(256, 512L), 88));
  }

  @Test
  void leavesTheBarOutWhereTheWindowIsNarrow() {
    assertEquals(
        "transfer       50%  256.0 MiB of 512.0 MiB  10.0 MiB/s  ETA 0:25",
        ProgressText.line(Operations.running(256, 512L), 70));
  }

  @Test
  void showsNoShareOfAnUnknownWhole() {
    assertEquals(
        "transfer      256.0 MiB  10.0 MiB/s",
        ProgressText.line(Operations.running(256, null), 100));
  }

  @Test
  void neverExceedsTheWholeWhenTheEstimateWasLow() {
    assertTrue(ProgressText.line(Operations.running(600, 512L), 100).contains("100%"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 20, 40, 80, 200})
  void isNeverWiderThanTheWindow(int columns) {
    assertTrue(ProgressText.line(Operations.running(256, 512L), columns).length() <= columns);
  }

  @Test
  void redrawsInPlaceAndLeavesAnEmptyLineBehind() {
    StringWriter written = new StringWriter();
    ProgressBar bar = new ProgressBar(terminal(40), new PrintWriter(written));

    bar.show(Operations.running(256, 512L));
    bar.close();
    bar.show(Operations.running(300, 512L));

    assertEquals("\r" + "x".repeat(39) + "\r" + " ".repeat(39) + "\r", masked(written));
    assertFalse(written.toString().contains("\n"));
  }

  private static String masked(StringWriter written) {
    String text = written.toString();
    int end = text.indexOf('\r', 1);
    return "\r" + "x".repeat(end - 1) + text.substring(end);
  }

  private static Terminal terminal(int columns) {
    return new Terminal() {
      @Override
      public boolean interactive() {
        return true;
      }

      @Override
      public int columns() {
        return columns;
      }

      @Override
      public void onUnread(Runnable gone) {
        // Somebody reads to the end.
      }
    };
  }
}
