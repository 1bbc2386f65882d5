package io.flocker.core.os;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PipeTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final int O_NONBLOCK = 04000; // as /proc/PID/fdinfo shows flags: octal

  @Test
  void childReadsWhatWeWroteUntilWeClose() throws Exception {
    try (Pipe pipe = Pipe.toChild(MEBIBYTE)) {
      Process child = new ProcessBuilder("wc", "-c").redirectInput(pipe.asStdin()).start();
      pipe.closeChildEnd();
      int descriptor = pipe.take();
      try (FileOutputStream out = new FileOutputStream("/proc/self/fd/" + descriptor)) {
        out.write(new byte[300_000]);
      }
      Descriptors.close(descriptor);

      assertEquals("300000", new String(child.getInputStream().readAllBytes(), UTF_8).strip());
      assertTrue(child.waitFor(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void onlyOurEndIsNonBlocking() throws Exception {
    try (Pipe pipe = Pipe.fromChild(MEBIBYTE)) {
      Process child =
          new ProcessBuilder("sh", "-c", "cat /proc/self/fdinfo/1 >&2")
              .redirectOutput(pipe.asStdout())
              .redirectError(Redirect.PIPE)
              .start();
      String childs = new String(child.getErrorStream().readAllBytes(), UTF_8);
      int descriptor = pipe.take();
      String ours = Files.readString(Path.of("/proc/self/fdinfo/" + descriptor));
      Descriptors.close(descriptor);

      assertEquals(0, flags(childs) & O_NONBLOCK, childs);
      assertEquals(O_NONBLOCK, flags(ours) & O_NONBLOCK, ours);
    }
  }

  @Test
  void clampsItsSizeToWhatTheKernelAllows() throws Exception {
    try (Pipe pipe = Pipe.toChild(Integer.MAX_VALUE)) {
      assertTrue(Files.exists(pipe.childEnd().toPath()));
    }
  }

  @Test
  void holdsAsMuchAsWasAskedForBeforeTheWriterBlocks() throws Exception {
    try (Pipe pipe = Pipe.fromChild(MEBIBYTE)) {
      Process child =
          new ProcessBuilder("head", "-c", Integer.toString(MEBIBYTE), "/dev/zero")
              .redirectOutput(pipe.asStdout())
              .start();
      pipe.closeChildEnd();

      assertTrue(
          child.waitFor(30, TimeUnit.SECONDS), "nobody reads, and the child ends all the same");
    }
  }

  @Test
  void isTakenOnce() throws Exception {
    try (Pipe pipe = Pipe.toChild(1)) {
      Descriptors.close(pipe.take());

      assertThrows(IllegalStateException.class, pipe::take);
    }
  }

  private static int flags(String fdinfo) {
    return fdinfo
        .lines()
        .filter(line -> line.startsWith("flags:"))
        .mapToInt(line -> Integer.parseInt(line.substring("flags:".length()).strip(), 8))
        .findFirst()
        .orElseThrow();
  }
}
