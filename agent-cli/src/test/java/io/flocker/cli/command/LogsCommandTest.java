package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.console.NoTerminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class LogsCommandTest {
  @TempDir private Path folder;
  private Path log;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void configure() throws Exception {
    log = folder.resolve("flockerd.log");
    Files.writeString(
        folder.resolve("flockerd.yml"), "version: 1\nlog: {target: file, file: " + log + "}\n");
  }

  @Test
  void readsTheFileThatTheSettingsName() throws Exception {
    Files.writeString(log, message(1, "flocker:pool:back"));

    assertEquals(0, flocker("--utc"), err.toString());
    assertEquals("1970-01-01 00:00:01.000Z  pool:back\n", out.toString());
  }

  @Test
  void readsOlderFilesWhereTheyHaveWhatIsAskedFor() throws Exception {
    Files.writeString(log, message(300, "flocker:pool:back"));
    Path older =
        Files.writeString(folder.resolve("flockerd.log.1"), message(200, "flocker:peer:changed"));
    Path oldest = Files.writeString(folder.resolve("flockerd.log.2"), "not read");
    Files.setLastModifiedTime(older, FileTime.from(Instant.ofEpochSecond(200)));
    Files.setLastModifiedTime(oldest, FileTime.from(Instant.ofEpochSecond(100)));

    assertEquals(0, flocker("--utc", "--since", "1970-01-01T00:02:30"), err.toString());
    assertEquals(
        List.of("1970-01-01 00:03:20.000Z  peer:changed", "1970-01-01 00:05:00.000Z  pool:back"),
        out.toString().lines().toList());
  }

  @Test
  void callsLogsByTheirFiles() throws Exception {
    Path one = Files.writeString(folder.resolve("node1.json"), message(2, "flocker:pool:back"));
    Path other = Files.writeString(folder.resolve("b.json"), message(1, "flocker:pool:back"));

    assertEquals(0, flocker("--utc", one.toString(), other.toString()), err.toString());
    assertEquals(
        List.of("b      pool:back", "node1  pool:back"),
        out.toString().lines().map(line -> line.substring(26)).toList());
  }

  @Test
  void exitsWith2WhereThereIsNoSuchLog() {
    assertEquals(2, flocker(folder.resolve("none.json").toString()));
    assertTrue(err.toString().contains("the log cannot be read"), err.toString());
    assertTrue(err.toString().contains("none.json"), err.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "10m, 2026-11-27T11:50:00Z",
    "2026-11-27T08:00:00Z, 2026-11-27T08:00:00Z",
    "2026-11-27T08:00, 2026-11-27T07:00:00Z",
    "2026-11-27 08:00, 2026-11-27T07:00:00Z",
    "2026-11-27, 2026-11-26T23:00:00Z"
  })
  void readsTimesAsPeopleSayThem(String text, Instant time) {
    Instant now = Instant.parse("2026-11-27T12:00:00Z");

    assertEquals(time, PastTime.parse(text, now, ZoneId.of("Europe/Berlin")));
  }

  @Test
  void refusesWhatIsNoTime() {
    assertThrows(
        TypeConversionException.class,
        () -> PastTime.parse("yesterday", Instant.EPOCH, ZoneOffset.UTC));
  }

  private int flocker(String... arguments) {
    CommandEnvironment environment =
        new CommandEnvironment(
            Map.of(), folder, new PrintWriter(out), new PrintWriter(err), new NoTerminal());
    String[] line = new String[arguments.length + 1];
    line[0] = "logs";
    System.arraycopy(arguments, 0, line, 1, arguments.length);
    return CommandTree.run(environment, line);
  }

  private static String message(int at, String type) {
    return "{\"timestamp\":%d,\"message_type\":\"%s\",\"task_level\":[1],\"task_uuid\":\"%d\"}\n"
        .formatted(at, type, at);
  }
}
