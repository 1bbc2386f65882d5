package io.flocker.cli.setup;

import io.flocker.core.failure.FailureException;
import io.flocker.core.process.Output;
import io.flocker.core.process.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The service {@code flockerd} of this machine. */
public interface NodeService {
  /**
   * Has it start now and at each boot, where a systemd looks after it.
   *
   * @return false where none does, and somebody else has to start it
   * @throws SetupException if it does not start, or does not tell within some ten minutes
   */
  boolean start() throws SetupException;

  /** That of this machine's systemd, if it has one. */
  static NodeService ofMachine() {
    return () -> Files.isDirectory(Path.of("/run/systemd/system")) && enable();
  }

  private static boolean enable() throws SetupException {
    List<String> arguments = List.of("enable", "--quiet", "--now", "flockerd");
    // The daemon asks systemd for ten minutes at most, if its start takes that long.
    Duration deadline = Duration.ofMinutes(10).plusSeconds(30);
    try {
      Output ended = new LocalProgram(Programs.find("systemctl"), deadline).run(arguments);
      if (!ended.isSuccess()) {
        throw new SetupException(
            "flockerd does not start (%s); see 'journalctl -u flockerd', then 'systemctl %s'"
                .formatted((ended.stdout() + ended.stderr()).strip(), String.join(" ", arguments)));
      }
      return true;
    } catch (FailureException e) {
      throw new SetupException(e.detail(), e);
    }
  }
}
