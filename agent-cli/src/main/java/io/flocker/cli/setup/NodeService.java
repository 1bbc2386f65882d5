package io.flocker.cli.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The service {@code flockerd} of this machine. */
public interface NodeService {
  /**
   * Has it start now and at each boot, where a systemd looks after it.
   *
   * @return false where none does, and somebody else has to start it
   * @throws SetupException if it does not start
   */
  boolean start() throws SetupException, InterruptedException;

  /** That of this machine's systemd, if it has one. */
  static NodeService ofMachine() {
    return () -> Files.isDirectory(Path.of("/run/systemd/system")) && enable();
  }

  private static boolean enable() throws SetupException, InterruptedException {
    List<String> command = List.of("systemctl", "enable", "--quiet", "--now", "flockerd");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new SetupException(
            "flockerd does not start (%s); see 'journalctl -u flockerd', then '%s'"
                .formatted(said, String.join(" ", command)));
      }
      return true;
    } catch (IOException e) {
      throw new SetupException("systemctl cannot be run: " + e.getMessage(), e);
    }
  }
}
