package io.flocker.transfer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FolderDigestTest {
  private static final FileTime LONG_AGO =
      FileTime.from(Instant.parse("2014-09-01T10:00:00.123456789Z"));

  @TempDir private Path folder;

  private final FolderDigest digest = new FolderDigest("tank", Long.MAX_VALUE);
  private Path owners;
  private Path copy;

  @BeforeEach
  void fill() throws IOException {
    owners = filled("owners", "b", "a");
    copy = filled("copy", "a", "b");
  }

  private Path filled(String name, String first, String second) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    for (String file : new String[] {first, second}) {
      Files.writeString(made.resolve(file), file);
    }
    Files.createDirectory(made.resolve("sub"));
    Files.createSymbolicLink(made.resolve("sub/link"), Path.of("../a"));
    Files.createLink(made.resolve("c"), made.resolve("a"));
    age(made);
    return made;
  }

  private static void age(Path root) throws IOException {
    try (var all = Files.walk(root)) {
      for (Path each : all.toList().reversed()) {
        if (!Files.isSymbolicLink(each)) {
          var _ = Files.setLastModifiedTime(each, LONG_AGO);
        }
      }
    }
    // The time of a link itself: Java sets that of what it leads to.
    assertEquals(0, run("touch", "-h", "-d", LONG_AGO.toString(), root + "/sub/link"));
    var _ = Files.setLastModifiedTime(root.resolve("sub"), LONG_AGO);
  }

  private static int run(String... command) throws IOException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void theSameFilesAreTheSameInWhateverOrderTheyWereMade() throws FailureException {
    assertEquals(digest.of(owners), digest.of(copy));
  }

  @Test
  void oneOtherByteIsSeenWithEverythingElseAlike() throws Exception {
    Files.writeString(copy.resolve("b"), "B");
    age(copy);

    assertNotEquals(digest.of(owners), digest.of(copy));
  }

  @Test
  void modesTimesNamesLinksAndAttributesAreSeen() throws Exception {
    String before = digest.of(owners);

    var _ =
        Files.setPosixFilePermissions(
            copy.resolve("a"), PosixFilePermissions.fromString("rwx------"));
    assertNotEquals(before, digest.of(copy), "mode");

    copy = filled("copy2", "a", "b");
    var _ =
        Files.setLastModifiedTime(
            copy.resolve("a"), FileTime.from(LONG_AGO.toInstant().plusNanos(1_000)));
    assertNotEquals(before, digest.of(copy), "a microsecond");

    copy = filled("copy3", "a", "b");
    var _ = Files.move(copy.resolve("b"), copy.resolve("B"));
    age(copy);
    assertNotEquals(before, digest.of(copy), "name");

    copy = filled("copy4", "a", "b");
    Files.delete(copy.resolve("c"));
    Files.writeString(copy.resolve("c"), "a");
    age(copy);
    assertNotEquals(before, digest.of(copy), "a file of its own in place of a hard link");

    copy = filled("copy5", "a", "b");
    Files.setAttribute(copy.resolve("a"), "user:origin", "elsewhere".getBytes(UTF_8));
    assertNotEquals(before, digest.of(copy), "extended attribute");
  }

  /** Nodes of other versions sum up the same bytes: another sum would tell of a drift. */
  @Test
  void theSumIsThatOfWhatTarWrites() throws Exception {
    Process shell =
        new ProcessBuilder(
                "sh",
                "-c",
                "tar --create --file=- --format=pax --sort=name --numeric-owner --xattrs"
                    + " '--xattrs-include=*'"
                    + " --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime"
                    + " --use-compress-program=sha256sum --directory=\"$1\" .",
                "sh",
                owners.toString())
            .start();

    assertEquals(
        new String(shell.getInputStream().readAllBytes(), UTF_8).substring(0, 64),
        digest.of(owners));
  }

  @Test
  void isReadNoFasterThanItMayAndHasTheSameSum() throws Exception {
    Files.write(owners.resolve("large"), new byte[3 << 20]);
    var _ = Files.setLastModifiedTime(owners.resolve("large"), LONG_AGO);
    FolderDigest slow = new FolderDigest("tank", 2 << 20);
    long begunNanos = System.nanoTime();

    String sum = slow.of(owners);

    Duration took = Duration.ofNanos(System.nanoTime() - begunNanos);
    // A tenth of a second is in the bucket at the beginning.
    assertTrue(took.compareTo(Duration.ofMillis(1_300)) > 0, took::toString);
    assertEquals(digest.of(owners), sum);
  }

  @Test
  void whoNeedsItNoLongerEndsIt() throws Exception {
    Files.write(owners.resolve("large"), new byte[16 << 20]);
    FolderDigest slow = new FolderDigest("tank", 64 << 10);
    CompletableFuture<FailureException> ended = new CompletableFuture<>();
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> ended.complete(assertThrows(FailureException.class, () -> slow.of(owners))));

    reader.interrupt();

    assertEquals(TransferFailure.CANCELLED, ended.get().failure());
  }

  @Test
  void whatCannotBeReadIsNamed() {
    Path missing = folder.resolve("missing");

    FailureException failure = assertThrows(FailureException.class, () -> digest.of(missing));

    assertEquals(TransferFailure.UNREADABLE_CONTENT, failure.failure());
    assertTrue(failure.detail().contains(missing.toString()), failure::detail);
  }
}
