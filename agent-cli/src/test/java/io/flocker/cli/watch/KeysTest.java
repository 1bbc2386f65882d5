package io.flocker.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class KeysTest {
  private static final int NONE_YET = -2;
  private static final int END = -1;

  private final Queue<Integer> sent = new ArrayDeque<>();
  private final Keys keys = new Keys(_ -> sent.isEmpty() ? NONE_YET : sent.remove());

  @Test
  void takesKeysApart() throws Exception {
    List<String> pressed =
        List.of(
            "q", Keys.UP, "j", Keys.PAGE_DOWN, Keys.END_APPLICATION, "\033[1;5A", "\ud83d\ude00");
    pressed.forEach(this::send);

    for (String key : pressed) {
      assertEquals(key, keys.next(1));
    }
    assertEquals("", keys.next(1), "none for now");
  }

  @Test
  void tellsTheKeyFromTheBeginningOfASequence() throws Exception {
    send(Keys.ESCAPE);
    sent.add(NONE_YET);
    send("q");

    assertEquals(Keys.ESCAPE, keys.next(1));
    assertEquals("q", keys.next(1));
  }

  @Test
  void endsWithTheTerminal() {
    sent.add(END);

    assertThrows(EOFException.class, () -> keys.next(1));
  }

  private void send(String characters) {
    characters.chars().forEach(sent::add);
  }
}
