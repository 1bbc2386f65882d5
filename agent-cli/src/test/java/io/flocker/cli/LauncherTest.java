package io.flocker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts the launchers of the distribution with a Java that says where it runs. */
class LauncherTest {
  @TempDir private Path folder;
  private Path java;

  @BeforeEach
  void install() throws IOException {
    for (String part : List.of("bin", "lib")) {
      Path to = Files.createDirectory(folder.resolve(part));
      try (Stream<Path> files = Files.list(Path.of("src/main/dist", part))) {
        for (Path file : files.toList()) {
          Path _ = Files.copy(file, to.resolve(file.getFileName().toString()));
        }
      }
    }
    java = Files.writeString(folder.resolve("java"), "#!/bin/sh\nexec readlink /proc/self/cwd\n");
    Path _ = Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void javaRunsWhereOneStands() throws Exception {
    assertEquals(
        folder.resolve("lib").toRealPath().toString(), run("sh", "cd lib; exec sh ../bin/flocker"));
  }

  /** By no relative name anything is found or made there. */
  @ParameterizedTest
  @ValueSource(strings = {"flocker", "flocker-ca", "flockerd"})
  void javaRunsWhereNothingIsWhereTheFolderIsGone(String launcher) throws Exception {
    for (String shell : List.of("sh", "bash")) {
      String cwd =
          run(
              shell,
              "mkdir gone; cd gone; rmdir ../gone; exec %s '%s'"
                  .formatted(shell, folder.resolve("bin").resolve(launcher)));
      assertEquals("fdinfo", Path.of(cwd).getFileName().toString(), cwd);
    }
  }

  @Test
  void anArchiveIsOfNoJarThatCameLater() throws Exception {
    Files.writeString(java, "#!/bin/sh\necho \"$*\"\n");
    Path archive = Files.writeString(folder.resolve("lib/flocker.aot"), "");
    Path jar = Files.writeString(folder.resolve("lib/a.jar"), "");
    FileTime packaged = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    Files.setLastModifiedTime(archive, packaged);
    Files.setLastModifiedTime(jar, packaged);
    String option = "-XX:AOTCache=" + archive.toRealPath();
    assertTrue(run("sh", "bin/flocker --version").contains(option));

    Files.setLastModifiedTime(jar, FileTime.from(packaged.toInstant().plusSeconds(1)));

    for (String launcher : List.of("flocker", "flocker-ca")) {
      String said = run("sh", "bin/%s --version".formatted(launcher));
      assertTrue(said.endsWith(" --version"), said);
      assertFalse(said.contains("AOTCache"), said);
    }
  }

  private String run(String shell, String script) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(shell, "-c", script);
    builder.directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("FLOCKER_JAVA", java.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertEquals(0, process.waitFor(), said);
    return said;
  }
}
