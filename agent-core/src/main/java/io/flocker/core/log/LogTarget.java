package io.flocker.core.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the lines of the log go. */
public sealed interface LogTarget {
  /** Names the stream behind stdout when systemd connected it to the journal; systemd.exec(5). */
  String JOURNAL_STREAM = "JOURNAL_STREAM";

  /** The process's own standard output. */
  record Stdout() implements LogTarget {}

  /**
   * A file, rotated at 100 MiB; five older ones are kept beside it, {@code <path>.1} the newest.
   */
  record File(Path path) implements LogTarget {}

  /** The journal, by its native protocol: through a pipe journald breaks long lines. */
  record Journald(Path socket) implements LogTarget {
    /** Where journald listens; systemd-journald.service(8). */
    public static final Path SOCKET = Path.of("/run/systemd/journal/socket");

    /** The journal of this machine. */
    public Journald() {
      this(SOCKET);
    }
  }

  /** The journal if systemd connected our stdout to it, else stdout. */
  static LogTarget auto() {
    return auto(System.getenv(JOURNAL_STREAM), Path.of("/proc/self/fd/1"), Journald.SOCKET);
  }

  /**
   * The same, looking at these instead.
   *
   * @param journalStream the value of {@value #JOURNAL_STREAM}, {@code <device>:<inode>}
   * @param stdout leads to what stdout is
   */
  static LogTarget auto(@Nullable String journalStream, Path stdout, Path socket) {
    return journalStream != null
            && Files.exists(socket)
            && journalStream.equals(deviceAndInode(stdout))
        ? new Journald(socket)
        : new Stdout();
  }

  private static String deviceAndInode(Path file) {
    try {
      return Files.getAttribute(file, "unix:dev") + ":" + Files.getAttribute(file, "unix:ino");
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
      return "unknown";
    }
  }
}
