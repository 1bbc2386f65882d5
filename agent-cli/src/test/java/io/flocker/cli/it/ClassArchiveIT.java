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

/** {@code flockerd-archive}, and {@code flockerd} beside what it has left. */
@Timeout(600)
class ClassArchiveIT {
  private static final String ARCHIVED =
      "io.flocker.cli.daemon.Daemon source: shared objects file (top)";

  /** How a program ended, and all that it said. */
  private record Ran(int status, String said) {}

  @TempDir private Path folder;
  private Path dist;
  private Path archive;

  @BeforeEach
  void install() throws Exception {
    dist = Files.createDirectory(folder.resolve("dist"));
    archive = dist.resolve("lib/flockerd.jsa");
    assertEquals(new Ran(0, ""), run("cp", "-a", "target/dist/.", dist.toString()));
  }

  @Test
  void startsFromTheArchiveAndWithoutAWordWhereItDoesNotFit() throws Exception {
    Ran without = version();
    assertEquals(0, without.status());
    assertFalse(loaded().contains(ARCHIVED));

    assertEquals(new Ran(0, ""), run(dist.resolve("bin/flockerd-archive").toString()));

    assertEquals(without, version());
    assertTrue(loaded().contains(ARCHIVED));

    Path jar = jar("agent-core");
    FileTime before = Files.getLastModifiedTime(jar);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
    assertEquals(without, version(), "the archive is of another jar");
    assertFalse(loaded().contains(ARCHIVED));

    Files.setLastModifiedTime(jar, before);
    Files.writeString(archive, "no archive at all");
    assertEquals(without, version(), "the archive is broken");
  }

  @Test
  void leavesWhatIsThereWhereItCannotMakeOne() throws Exception {
    Files.writeString(archive, "of before");
    Files.delete(dist.resolve("bin/flocker-ca"));

    assertEquals(1, run(dist.resolve("bin/flockerd-archive").toString()).status());

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

  private Ran version() throws IOException, InterruptedException {
    return run(dist.resolve("bin/flockerd").toString(), "--version");
  }

  /** Which classes the last program has loaded from where. */
  private String loaded() throws IOException {
    return Files.readString(folder.resolve("loaded"));
  }

  private Ran run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .put("FLOCKERD_JAVA_OPTS", "-Xlog:class+load:file=" + folder.resolve("loaded"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ran(process.waitFor(), said);
  }
}
