package io.flocker.zfs.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.Commands;
import io.flocker.core.process.Launch;
import io.flocker.core.process.StuckChildren;
import io.flocker.core.storage.Capabilities;
import io.flocker.zfs.FakeZfs;
import io.flocker.zfs.command.ZfsTool;
import io.flocker.zfs.process.Zfs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recorded usage texts, answered by a fake program. */
class ProberTest {
  private final Path folder;

  ProberTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void knowsZfsFuse() throws Exception {
    Dialect dialect = probe("zfs-fuse-0.7", 2);
    Capabilities capabilities = dialect.capabilities();

    assertEquals(Set.of("R", "D", "p", "i", "I"), capabilities.sendFlags());
    assertEquals(Set.of("v", "n", "F", "d"), capabilities.receiveFlags());
    assertEquals(Set.of(), capabilities.poolFeatures());
    assertEquals("unknown", capabilities.version());
    assertFalse(capabilities.canResume());
    assertFalse(capabilities.canBookmark());
    assertFalse(capabilities.canEstimate());
    assertFalse(dialect.hasTypedGet());
    assertFalse(dialect.hasResumeToken());
    assertFalse(dialect.hasTemporaryMount());
    assertFalse(dialect.hasCleanRanges());
    assertFalse(dialect.endsWithItsCommand());
  }

  @Test
  void knowsOpenZfs() throws Exception {
    Dialect dialect = probe("openzfs-2.3", 0);
    Capabilities capabilities = dialect.capabilities();

    assertEquals("zfs-2.3.2-2~bpo12+2", capabilities.version());
    assertTrue(
        capabilities
            .sendFlags()
            .containsAll(List.of("L", "e", "c", "w", "i", "I", "t", "n", "v", "P")));
    assertFalse(capabilities.sendFlags().contains("r"), "--redact is no flag of one letter");
    assertTrue(capabilities.receiveFlags().containsAll(List.of("s", "A", "u", "o", "x", "F")));
    assertTrue(capabilities.poolFeatures().contains("large_blocks"));
    assertTrue(capabilities.canResume());
    assertTrue(capabilities.canBookmark());
    assertTrue(capabilities.canEstimate());
    assertTrue(dialect.hasTypedGet());
    assertTrue(dialect.hasResumeToken());
    assertTrue(dialect.hasTemporaryMount());
    assertTrue(dialect.hasCleanRanges());
    assertTrue(dialect.endsWithItsCommand());
  }

  @ParameterizedTest
  @DisplayName("R14 a ZFS before 2.1 is not relied on to resume, whatever it lists")
  @CsvSource({
    "zfs-0.8.3-1ubuntu12, false",
    "zfs-2.0.7-1, false",
    "zfs-2.1.0, true",
    "zfs-2.2.2-0ubuntu9, true",
    "zfs-3.0.0, true",
    "something else, false"
  })
  void reliesOnResumeFrom21On(String version, boolean canResume) throws Exception {
    Files.writeString(folder.resolve("version"), version);
    FakeZfs fake = recorded("openzfs-2.3", 0);
    fake.answers("version", "cat '%s'".formatted(folder.resolve("version")));

    assertEquals(canResume, prober(fake).probe().capabilities().canResume());
  }

  @Test
  void doesNotTakeSilenceForInability() {
    FakeZfs fake = new FakeZfs(folder);
    fake.answers("get", "echo 'internal error: failed to initialize ZFS library' >&2; exit 1");

    FailureException failure = assertThrows(FailureException.class, () -> prober(fake).probe());
    assertEquals(StorageFailure.ZFS_UNAVAILABLE, failure.failure());
  }

  private Dialect probe(String recorded, int versionExit) throws Exception {
    return prober(recorded(recorded, versionExit)).probe();
  }

  private FakeZfs recorded(String recorded, int versionExit) throws Exception {
    FakeZfs fake = new FakeZfs(folder);
    for (String subcommand : List.of("send", "receive", "mount", "bookmark")) {
      fake.answers(
          subcommand, "cat '%s' >&2; exit 2".formatted(file(recorded + "/" + subcommand + ".txt")));
    }
    // One program stands for both: zpool get all, and zfs get with an option that it does not know.
    fake.answers(
        "get",
        "if [ \"$1\" = all ]; then cat '%s'; else cat '%s' >&2; exit 2; fi"
            .formatted(file(recorded + "/zpool-get-all.txt"), file(recorded + "/get.txt")));
    fake.answers(
        "version", "cat '%s'; exit %d".formatted(file(recorded + "/version.txt"), versionExit));
    return fake;
  }

  private static Prober prober(FakeZfs fake) {
    ZfsTool tool =
        ZfsTool.zfs(
            fake.program(),
            new Commands(
                new Launch(Zfs.ASKED, "tank"), 4, new StuckChildren(), CommandObserver.NONE),
            Duration.ofSeconds(30),
            "tank");
    return new Prober(tool, tool, "tank");
  }

  private static Path file(String name) throws Exception {
    return Path.of(Objects.requireNonNull(ProberTest.class.getResource(name), name).toURI());
  }
}
