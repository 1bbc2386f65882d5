package io.flocker.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.http.client.FlockerClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class ChangesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private final StringWriter out = new StringWriter();

  @Test
  void printsAllOnceAndThenWhatIsNew() throws Exception {
    Told told = new Told(NOW).peer("node-2", true).volume("default.a", 1).volume("default.b", 1);
    try (FlockerClient node =
            new FlockerClient(URI.create("https://127.0.0.1:1"), SSLContext.getDefault());
        Changes changes = new Changes(node, new PrintWriter(out), InstantSource.fixed(NOW))) {
      changes.show(told.seen());
      assertEquals(
          List.of("127.0.0.1:4523", "peers", "VOLUME", "default.a", "default.b"), begins());

      changes.show(told.seen());
      assertEquals(List.of(), begins());

      changes.show(told.copy("default.b", "node-2", "behind", 9).seen());
      assertEquals(List.of("127.0.0.1:4523", "default.b"), begins());

      changes.show(told.volume("default.with-a-longer-name", 1).seen());
      assertEquals(List.of("127.0.0.1:4523", "default.with-a-longer-name"), begins());

      changes.show(told.seen().lost("it is gone"));
      assertEquals(List.of("127.0.0.1:4523", "0"), begins());
      changes.leave();
      changes.show(told.seen());
      assertTrue(begins().isEmpty());
    }
  }

  /** The first words of what was printed since it was asked last. */
  private List<String> begins() {
    List<String> words =
        out.toString().lines().map(line -> line.substring(0, line.indexOf(' '))).toList();
    out.getBuffer().setLength(0);
    return words;
  }
}
