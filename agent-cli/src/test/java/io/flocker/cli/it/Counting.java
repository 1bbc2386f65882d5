package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** An application that counts in its volume. */
final class Counting {
  /** A piece of shell, of which the volume is at /data; ends at once where it is told to. */
  static final String PROGRAM =
      """
      trap 'exit 0' TERM; n=0; [ ! -e /data/count ] || read n < /data/count;
      while :; do n=$((n+1)); echo $n > /data/new; mv /data/new /data/count; sleep 0.1; done\
      """;

  private Counting() {}

  /** What it has counted there: never less than before, and it goes on. */
  static long beyond(TestNode node, String volume, long before) throws Exception {
    Path file = node.pool().mounts().resolve(volume).resolve("count");
    AtomicLong now = new AtomicLong();
    Await.until(
        "a count",
        () -> {
          now.set(count(file));
          return now.get() > 0;
        });
    assertTrue(now.get() >= before, now + " after " + before);
    Await.until("it counts on", () -> count(file) > now.get());
    return now.get();
  }

  /** 0 where there is none, and where it is being replaced: FUSE finds the old file no more. */
  private static long count(Path file) throws IOException {
    try {
      String text = Files.readString(file).strip();
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (NoSuchFileException _) {
      return 0;
    }
  }
}
