package io.flocker.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveViewTest {
  private final StringWriter drawn = new StringWriter();
  private final LiveView view = new LiveView(new Window(10, 4), new PrintWriter(drawn));

  private record Window(int columns, int rows) implements Terminal {
    @Override
    public boolean interactive() {
      return true;
    }

    @Override
    public void onUnread(Runnable gone) {
      // Somebody reads to the end.
    }
  }

  @Test
  void drawsOverWhatItDrewAndTakesItAway() {
    view.show(_ -> List.of("one", "two"));
    view.show(_ -> List.of("three"));
    view.close();
    view.show(_ -> List.of("late"));
    view.close();

    assertEquals(
        "\rone\033[K\ntwo\033[K\n\033[J" + "\r\033[2Athree\033[K\n\033[J" + "\r\033[1A\033[J",
        drawn.toString());
  }

  @Test
  void leavesOutWhatTheWindowHasNoRoomFor() {
    view.show(_ -> List.of("0123456789", "b", "c", "d"));

    assertEquals(
        "\r012345678\033[K\nb\033[K\nand 2 mor\033[K\n\033[J", drawn.toString(), "of 9 columns");
    drawn.getBuffer().setLength(0);
    view.show(_ -> List.of("\033[31m"));
    assertEquals("\r\033[3A\\x{1b}[31\033[K\n\033[J", drawn.toString());
  }
}
