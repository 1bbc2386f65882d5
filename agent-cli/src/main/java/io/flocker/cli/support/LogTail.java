package io.flocker.cli.support;

import io.flocker.core.log.LogTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The newest of what a daemon has logged. Any thread. */
public final class LogTail {
  /** Of a busy node half a day; compressed a tenth of it. */
  static final int MOST_BYTES = 8 << 20;

  private static final String MOST_LINES = "20000";

  /** Of a large journal on a slow disk the end takes some seconds. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private LogTail() {}

  /**
   * Reads it from where the settings have it go; a daemon whose log goes to its standard output is
   * looked for in the journal.
   *
   * @param unit its name with the service manager
   * @return whole lines, of at most {@value #MOST_BYTES} bytes
   */
  public static byte[] read(LogTarget target, String unit) throws IOException {
    return target instanceof LogTarget.File(Path path)
        ? ofFile(path, MOST_BYTES)
        : ofJournal("journalctl", unit, PATIENCE);
  }

  static byte[] ofFile(Path path, int most) throws IOException {
    try (FileChannel file = FileChannel.open(path)) {
      long from = Math.max(0, file.size() - most);
      file.position(from);
      byte[] bytes = Channels.newInputStream(file).readNBytes(most);
      return from == 0 ? bytes : afterFirstLine(bytes);
    }
  }

  /** What begins in the midst of a line is no line. */
  private static byte[] afterFirstLine(byte[] bytes) {
    int begin = 0;
    while (begin < bytes.length && bytes[begin] != '\n') {
      begin++;
    }
    int first = Math.min(begin + 1, bytes.length);
    return Arrays.copyOfRange(bytes, first, bytes.length);
  }

  /**
   * Reads it from the journal.
   *
   * @param journalctl the program
   * @param patience how long it may take to its end
   */
  static byte[] ofJournal(String journalctl, String unit, Duration patience) throws IOException {
    Process journal =
        new ProcessBuilder(
                List.of(
                    journalctl,
                    "--quiet",
                    "--unit",
                    unit,
                    "--no-pager",
                    "--output",
                    "cat",
                    "--lines",
                    MOST_LINES))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    AtomicBoolean isGivenUp = new AtomicBoolean();
    CompletableFuture<Void> end =
        CompletableFuture.runAsync(
            () -> {
              isGivenUp.set(true); // First: what is read ends with it.
              // A process that is destroyed itself, not by its handle, closes what is being read.
              boolean _ = journal.toHandle().destroyForcibly();
            },
            CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
    try (InputStream said = journal.getInputStream()) {
      byte[] lines = lastOf(said, MOST_BYTES);
      if (isGivenUp.get()) {
        throw new IOException(
            "journalctl has not come to its end within %d s".formatted(patience.toSeconds()));
      }
      if (lines.length == 0) {
        throw new IOException("the journal has nothing of " + unit + " for who asks; be root");
      }
      return lines;
    } finally {
      boolean _ = end.cancel(false);
      journal.destroy();
    }
  }

  /** The last whole lines of what comes, however much that is. */
  static byte[] lastOf(InputStream in, int most) throws IOException {
    byte[] kept = new byte[0];
    boolean isCut = false;
    byte[] next = in.readNBytes(most);
    while (next.length != 0) {
      byte[] both = Arrays.copyOf(kept, kept.length + next.length);
      System.arraycopy(next, 0, both, kept.length, next.length);
      isCut |= both.length > most;
      kept = Arrays.copyOfRange(both, Math.max(0, both.length - most), both.length);
      next = in.readNBytes(most);
    }
    return isCut ? afterFirstLine(kept) : kept;
  }
}
