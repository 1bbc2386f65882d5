package io.flocker.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PaintTest {
  @Test
  void isForTerminalsAndForWhoDoesNotRefuseIt() {
    assertEquals("\033[31mx\033[0m", paint(true, Map.of("NO_COLOR", "")).alarming("x"));
    assertEquals("x", paint(true, Map.of("NO_COLOR", "1")).alarming("x"));
    assertEquals("x", paint(true, Map.of("TERM", "dumb")).alarming("x"));
    assertEquals("x", paint(false, Map.of()).alarming("x"));
  }

  private static Paint paint(boolean interactive, Map<String, String> variables) {
    return Paint.of(
        new Terminal() {
          @Override
          public boolean interactive() {
            return interactive;
          }

          @Override
          public int columns() {
            return USUAL_COLUMNS;
          }

          @Override
          public void onUnread(Runnable gone) {
            // Somebody reads to the end.
          }
        },
        variables);
  }
}
