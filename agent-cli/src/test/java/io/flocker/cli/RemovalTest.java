package io.flocker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said last when the package is taken away for good. */
class RemovalTest {
  private static final Path SCRIPT = Path.of("src/main/package/stays.sh").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void saysHowManyVolumesStayAndWhere() throws Exception {
    zfs("[ \"$1\" = get ] && printf 'tank/a\\ntank/b\\nother/c\\n'");

    assertEquals(
        "flocker: volumes and copies that stay as they are, with their snapshots: 3; see 'zfs list"
            + " -r other tank'",
        said());
  }

  @Test
  void saysNothingWhereNothingStays() throws Exception {
    zfs("exit 0");

    assertEquals("", said());
  }

  @Test
  void saysWhereToLookWhereZfsDoesNotTell() throws Exception {
    zfs("echo 'The ZFS modules are not loaded.' >&2; exit 1");

    assertEquals(
        "flocker: ZFS does not say what volumes there are; they stay as they are: see 'zfs list'",
        said());
  }

  @Test
  void doesNotWaitForAZfsThatHangs() throws Exception {
    Path gate = folder.resolve("gate");
    assertEquals(0, new ProcessBuilder("mkfifo", gate.toString()).start().waitFor());
    zfs("read _ < '%s'".formatted(gate));

    assertEquals(
        "flocker: ZFS does not say what volumes there are; they stay as they are: see 'zfs list'",
        said());

    Files.writeString(gate, "on\n"); // Or it would read for ever.
  }

  private void zfs(String script) throws Exception {
    Path zfs = Files.writeString(folder.resolve("zfs"), "#!/bin/sh\n" + script + "\n");
    Path _ = Files.setPosixFilePermissions(zfs, PosixFilePermissions.fromString("rwx------"));
  }

  private String said() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    ProcessBuilder builder = new ProcessBuilder("sh", "-eu", SCRIPT.toString());
    builder.environment().merge("PATH", folder + ":", (old, mine) -> mine + old);
    builder.environment().put("TMPDIR", temporary.toString());
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertEquals(0, process.waitFor(), said);
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.toList());
    }
    return said;
  }
}
