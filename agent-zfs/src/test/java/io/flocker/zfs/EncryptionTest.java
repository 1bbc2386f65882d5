package io.flocker.zfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EncryptionTest {
  @TempDir Path folder;

  private FakeZfs fake;

  @BeforeEach
  void aZfs() throws Exception {
    fake = new FakeZfs(folder);
  }

  @Test
  void isToldOfEachDatasetWhereThePoolHasIt() throws Exception {
    ZfsStorage storage = storage("openzfs-2.3");

    assertTrue(storage.isEncrypted("tank/secret"));
    assertFalse(storage.isEncrypted("tank/plain"));
    assertTrue(storage.isLocked("tank/secret"));
    assertFalse(storage.isLocked("tank/open"));
    assertFalse(storage.isLocked("tank/plain"));
    assertEquals(Optional.of("tank"), storage.encryptionRoot("tank/open"));
    assertEquals(Optional.empty(), storage.encryptionRoot("tank/plain"));
  }

  @Test
  void isNothingThatAPoolIsAskedForWhichDoesNotKnowIt() throws Exception {
    ZfsStorage storage = storage("zfs-fuse-0.7");

    assertFalse(storage.isEncrypted("tank/secret"));
    assertFalse(storage.isLocked("tank/secret"));
    assertEquals(
        List.of(), fake.calls().stream().filter(call -> call.contains("tank/secret")).toList());
  }

  private ZfsStorage storage(String recorded) throws Exception {
    for (String subcommand : List.of("send", "receive", "mount", "bookmark")) {
      fake.answers(
          subcommand, "cat '%s' >&2; exit 2".formatted(file(recorded + "/" + subcommand + ".txt")));
    }
    fake.answers(
        "version",
        "cat '%s'; exit %d"
            .formatted(file(recorded + "/version.txt"), recorded.startsWith("zfs-fuse") ? 2 : 0));
    fake.answers(
        "get",
        "case \"$*\" in *keystatus*tank/secret) echo unavailable;; *root*tank/open) echo tank;;"
            + " *keystatus*tank/open) echo available;; *root*tank/plain) echo -;;"
            + " *keystatus*tank/plain) echo -;;"
            + " *tank/secret) echo aes-256-gcm;; *tank/plain) echo off;; all*) cat '%s';;"
                .formatted(file(recorded + "/zpool-get-all.txt"))
            + " *) cat '%s' >&2; exit 2;; esac".formatted(file(recorded + "/get.txt")));
    Duration deadline = Duration.ofSeconds(60);
    return new ZfsStorage(
        new ZfsSettings(fake.program(), fake.program(), "tank", 4, deadline, deadline, deadline));
  }

  private static Path file(String name) throws Exception {
    return Path.of(
        Objects.requireNonNull(EncryptionTest.class.getResource("probe/" + name), name).toURI());
  }
}
