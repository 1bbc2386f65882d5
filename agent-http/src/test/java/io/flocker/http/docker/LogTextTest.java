package io.flocker.http.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LogTextTest {
  @Test
  void takesFramesOutWhereverTheyAreCut() {
    byte[] sent = framed("hello\n", "", "wörld\n");
    for (int cut = 0; cut <= sent.length; cut++) {
      LogText text = new LogText(true, 100);
      text.take(Arrays.copyOf(sent, cut));
      text.take(Arrays.copyOfRange(sent, cut, sent.length));

      assertEquals("hello\nwörld\n", text.text(), "cut at " + cut);
    }
  }

  @Test
  void takesWhatATerminalShowedAsItIs() {
    LogText text = new LogText(false, 100);
    text.take("hello\r\n".getBytes(UTF_8));

    assertEquals("hello\r\n", text.text());
  }

  @Test
  void keepsTheEndAndNoHalfOfACharacter() {
    LogText text = new LogText(true, 5);
    text.take(framed("0123", "456", "aöbcd"));

    assertEquals("...bcd", tail("aöbcd", 4));
    assertEquals("...öbcd", text.text());
    assertEquals("abc", tail("abc", 3));
    assertEquals("...bcd", tail("abcd", 3));
  }

  private static String tail(String written, int bytes) {
    LogText text = new LogText(true, bytes);
    text.take(framed(written));
    return text.text();
  }

  private static byte[] framed(String... writes) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int stream = 1;
    for (String write : writes) {
      byte[] bytes = write.getBytes(UTF_8);
      all.writeBytes(
          ByteBuffer.allocate(8 + bytes.length)
              .put((byte) stream)
              .position(4)
              .putInt(bytes.length)
              .put(bytes)
              .array());
      stream = 3 - stream;
    }
    return all.toByteArray();
  }
}
