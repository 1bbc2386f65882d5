package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flocker.core.storage.TestPool;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packages that a build with {@code -Ppackages} makes, on a machine with a systemd. */
@Timeout(600)
class PackageIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path STORY = Path.of("src/test/packages/story").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  @DisplayName("X06 X07 X08 X09 packages and their unit, from installation to purge")
  void areInstalledUpgradedRemovedAndPurgedAndTouchNothingElse() throws Exception {
    List<Path> debs = packages("*.deb");
    List<Path> rpms = packages("*.rpm");
    assumeTrue(!debs.isEmpty() && !rpms.isEmpty(), "needs packages: build with -Ppackages");
    TestPool pool = FakePool.create(Files.createDirectory(folder.resolve("pool")), "");

    Process story =
        new ProcessBuilder(
                "../init/with-systemd",
                "-b",
                TARGET + ":" + TARGET,
                "-b",
                STORY.getParent() + ":" + STORY.getParent(),
                "-b",
                folder + ":" + folder,
                STORY.toString(),
                debs.getFirst().toString(),
                rpms.getFirst().toString(),
                pool.folder().toString())
            .redirectErrorStream(true)
            .start();
    String told = new String(story.getInputStream().readAllBytes(), UTF_8);

    assertEquals(0, story.waitFor(), told);
  }

  private static List<Path> packages(String pattern) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(TARGET, pattern)) {
      files.forEach(found::add);
    }
    return found;
  }
}
