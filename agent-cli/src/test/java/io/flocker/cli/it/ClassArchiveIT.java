package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code flockerd-archive}, and the programs beside what it has left. */
@Timeout(600)
class ClassArchiveIT {
  private static final String ARCHIVED =
      "io.flocker.cli.daemon.Daemon source: shared objects file (top)";
  private static final String ARCHIVED_COMMAND =
      "io.flocker.cli.Flocker source: shared objects file";

  /** How a program ended, and all that it said. */
  private record Ran(int status, String said) {}

  @TempDir private Path folder;
  private Path dist;
  private Path archive;

  @BeforeEach
  void install() throws Exception {
    dist = Files.createDirectory(folder.resolve("dist"));
    archive = dist.resolve("lib/flockerd.jsa");
    assertEquals(new Ran(0, ""), runAll("cp", "-a", "target/dist/.", dist.toString()));
  }

  @Test
  void startsFromTheArchivesAndWithoutAWordWhereTheyDoNotFit() throws Exception {
    Ran daemon = run("flockerd");
    Ran command = run("flocker");
    assertEquals(0, daemon.status());
    assertEquals(0, command.status());

    assertEquals(new Ran(0, ""), archive());

    assertEquals(daemon, run("flockerd"));
    assertTrue(loaded().contains(ARCHIVED));
    assertEquals(command, run("flocker"));
    assertTrue(loaded().contains(ARCHIVED_COMMAND));
    assertEquals(0, run("flocker-ca").status());

    Path jar = jar("agent-core");
    FileTime before = Files.getLastModifiedTime(jar);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
    assertEquals(daemon, run("flockerd"), "the archive is of another jar");
    assertFalse(loaded().contains(ARCHIVED));
    assertEquals(command, run("flocker"), "the archive is of another jar");
    assertFalse(loaded().contains(ARCHIVED_COMMAND));

    Files.setLastModifiedTime(jar, before);
    Files.writeString(archive, "no archive at all");
    Files.writeString(dist.resolve("lib/flocker.aot"), "no archive at all");
    assertEquals(daemon, run("flockerd"), "the archive is broken");
    assertEquals(command, run("flocker"), "the archive is broken");
  }

  @Test
  void leavesWhatIsThereWhereItCannotMakeOne() throws Exception {
    Files.writeString(archive, "of before");
    Files.delete(dist.resolve("bin/flocker-ca"));

    assertEquals(1, archive().status());

    assertEquals("of before", Files.readString(archive));
  }

  private Path jar(String module) throws IOException {
    try (Stream<Path> files = Files.list(dist.resolve("lib"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(module))
          .findFirst()
          .orElseThrow();
    }
  }

  private Ran archive() throws IOException, InterruptedException {
    return runAll(dist.resolve("bin/flockerd-archive").toString());
  }

  /** Asks a program for its version. */
  private Ran run(String program) throws IOException, InterruptedException {
    return runAll(dist.resolve("bin").resolve(program).toString(), "--version");
  }

  /** Which classes the last program has loaded from where. */
  private String loaded() throws IOException {
    return Files.readString(folder.resolve("loaded"));
  }

  private Ran runAll(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    String logged = "-Xlog:class+load:file=" + folder.resolve("loaded");
    builder.environment().put("FLOCKERD_JAVA_OPTS", logged);
    builder.environment().put("FLOCKER_JAVA_OPTS", logged);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ran(process.waitFor(), said);
  }
}
