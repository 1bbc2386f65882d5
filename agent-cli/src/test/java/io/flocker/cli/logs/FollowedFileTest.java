package io.flocker.cli.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedFileTest {
  private static final int DEADLINE_SECONDS = 60;

  @TempDir private Path folder;

  @Test
  void goesOnWithTheFileThatTakesItsPlace() throws Exception {
    Path log = Files.writeString(folder.resolve("flockerd.log"), "before\n");
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    FollowedFile followed = new FollowedFile(log, /* isFromEnd= */ true);
    Thread reader = Thread.ofVirtual().start(() -> read(followed, lines));
    try {
      append(log, "one\n");
      assertEquals("one", next(lines));
      append(log, "two\n");
      Files.move(log, folder.resolve("flockerd.log.1"));
      Files.writeString(log, "three\n");

      assertEquals("two", next(lines));
      assertEquals("three", next(lines));
      Files.writeString(log, "4\n"); // Cut to nothing in its place.
      assertEquals("4", next(lines));
    } finally {
      reader.interrupt();
      reader.join();
    }
  }

  private static String next(BlockingQueue<String> lines) throws InterruptedException {
    return String.valueOf(lines.poll(DEADLINE_SECONDS, TimeUnit.SECONDS));
  }

  private static void append(Path log, String text) throws Exception {
    var _ = Files.writeString(log, text, StandardOpenOption.APPEND);
  }

  private static void read(FollowedFile followed, BlockingQueue<String> lines) {
    try (BufferedReader in = new BufferedReader(new InputStreamReader(followed, UTF_8))) {
      in.lines().forEach(lines::add);
    } catch (Exception _) {
      // The test has ended.
    }
  }
}
