package io.flocker.cli.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlightRecordingTest {
  @TempDir private Path process;

  @ParameterizedTest
  @CsvSource({
    "java DAEMON --config /etc/flocker/flockerd.yml, true",
    "java DAEMON --config=flockerd.yml, true",
    "java DAEMON -c ../flocker/flockerd.yml, true",
    "java DAEMON, true",
    "java DAEMON --config other.yml, false",
    "java Other --config /etc/flocker/flockerd.yml, false"
  })
  void isOfTheDaemonThatHasTheseSettings(String argv, boolean isIts) throws IOException {
    Files.writeString(
        process.resolve("cmdline"),
        argv.replace("DAEMON", "io.flocker.cli.daemon.Daemon").replace(' ', '\0') + "\0");
    Files.createSymbolicLink(process.resolve("cwd"), Path.of("/etc/flocker"));

    assertEquals(isIts, FlightRecording.isDaemon(process, Path.of("/etc/flocker/flockerd.yml")));
  }
}
