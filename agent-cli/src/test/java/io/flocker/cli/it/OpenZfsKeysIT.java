package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.storage.Needs;
import io.flocker.http.api.VolumeDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two nodes on a real OpenZFS, whose pools are encrypted, each by a key of its own. Skipped as
 * {@link OpenZfsNodesIT} is.
 */
@Timeout(1800)
class OpenZfsKeysIT {
  private static final int KEY_BYTES = 32;
  private static final int SOME_BYTES = 1 << 20;
  private static final Path KEY = freshPath();
  private static final Path OTHER_KEY = freshPath();

  @RegisterExtension
  @Order(1)
  static final BeforeAllCallback NEEDED =
      _ -> {
        Needs.openZfs();
        byte[] key = new byte[KEY_BYTES];
        Files.write(KEY, key);
        key[0]++;
        Files.write(OTHER_KEY, key);
      };

  @RegisterExtension
  @Order(2)
  static final TwoNodes NODES = new TwoNodes(encryptedBy(KEY), encryptedBy(OTHER_KEY));

  private final TestNode owner = NODES.first();
  private final TestNode peer = NODES.second();

  @AfterAll
  static void deleteKeys() throws Exception {
    Files.deleteIfExists(KEY);
    Files.deleteIfExists(OTHER_KEY);
  }

  @Test
  @DisplayName("I28 a raw copy needs no key, and its keeper becomes its owner with the key alone")
  void aRawCopyNeedsTheKeyOfItsOwnerAlone() throws Exception {
    VolumeDocument volume = Moves.filled(owner, "keys.raw");
    follow(volume, true);
    awaitCurrent(volume);
    String copy = peer.volume(volume.id()).dataset();
    assertEquals("unavailable", Zfs.property(copy, "keystatus"));
    Content.write(TestNode.folder(volume).resolve("more"), SOME_BYTES, 1);
    String before = Zfs.property(copy, "referenced");
    Await.until("an increment", () -> !before.equals(Zfs.property(copy, "referenced")));
    awaitCurrent(volume);

    FailureException refused =
        owner.fail(StorageFailure.KEY_UNAVAILABLE, owner.client().handoff(volume.id(), peer.id()));

    assertTrue(refused.detail().contains("zfs load-key " + copy), refused::detail);
    Moves.requireOwner(owner, volume, 0);
    var _ = Zfs.run("load-key", "-L", "file://" + KEY, copy);
    Content there = Moves.content(owner, volume);
    owner.handOff(volume.id(), peer);
    Moves.requireOwner(peer, volume, 1);
    assertEquals(there, Moves.content(peer, volume));
    Content.write(Moves.mountpoint(peer, volume).resolve("there"), SOME_BYTES, 2);
    Content back = Moves.content(peer, volume);
    peer.handOff(volume.id(), owner);
    Moves.requireOwner(owner, volume, 2);
    assertEquals(back, Moves.content(owner, volume));
  }

  @Test
  void aFirstRawCopyOfAHandoffLeavesTheVolumeWhereItCanBeRead() throws Exception {
    VolumeDocument volume = Moves.filled(owner, "keys.first");
    follow(volume, true);

    var _ =
        owner.fail(StorageFailure.KEY_UNAVAILABLE, owner.client().handoff(volume.id(), peer.id()));

    Moves.requireOwner(owner, volume, 0);
  }

  @Test
  @DisplayName("I18 a copy that was begun plain is told of as such where raw is wanted")
  void aPlainCopyIsReadWithoutAKey() throws Exception {
    VolumeDocument volume = Moves.filled(owner, "keys.plain");
    owner.push(volume.id(), peer);
    String copy = peer.volume(volume.id()).dataset();
    assertEquals(peer.pool().name(), Zfs.property(copy, "encryptionroot"));

    follow(volume, true);

    awaitHindered(volume, StorageFailure.RAW_CHAIN_BROKEN);
    owner.client().deleteReplication(volume.id());
    owner.handOff(volume.id(), peer);
    Moves.requireOwner(peer, volume, 1);
  }

  @Test
  @DisplayName("I29 a copy whose key was changed to the pool's is told of before it is spoilt")
  void aChangedKeyIsToldOfBeforeAnythingIsSent() throws Exception {
    VolumeDocument volume = Moves.filled(owner, "keys.changed");
    follow(volume, true);
    awaitCurrent(volume);
    String copy = peer.volume(volume.id()).dataset();
    var _ = Zfs.run("load-key", "-L", "file://" + KEY, copy);
    var _ = Zfs.run("change-key", "-i", copy);
    List<String> before = Zfs.snapshots(copy);
    Content.write(TestNode.folder(volume).resolve("more"), SOME_BYTES, 3);
    awaitHindered(volume, StorageFailure.COPY_KEY_CHANGED);
    assertEquals(before, Zfs.snapshots(copy));

    var _ =
        Zfs.run("change-key", "-o", "keyformat=raw", "-o", "keylocation=file://" + OTHER_KEY, copy);
    Await.until("an increment", () -> !before.equals(Zfs.snapshots(copy)));
    awaitCurrent(volume);

    var _ = Zfs.run("unload-key", copy);
    var _ = Zfs.run("load-key", "-L", "file://" + KEY, copy);
    Content there = Moves.content(owner, volume);
    owner.handOff(volume.id(), peer);
    assertEquals(there, Moves.content(peer, volume));
  }

  private static Path freshPath() {
    return Path.of(System.getProperty("java.io.tmpdir"), "flocker-key-" + UUID.randomUUID());
  }

  private static NodeSetup encryptedBy(Path key) {
    return NodeSetup.usual()
        .withPoolProperties("encryption=aes-256-gcm", "keyformat=raw", "keylocation=file://" + key);
  }

  private void awaitHindered(VolumeDocument volume, StorageFailure cause) throws Exception {
    Await.until(
        "the copy to be hindered by " + cause,
        () ->
            copy(volume)
                .filter(copy -> copy.state() == CopyStatus.State.HINDERED)
                .flatMap(CopyStatus::lastError)
                .filter(why -> cause.type().equals(why.get("type")))
                .isPresent());
  }

  private void follow(VolumeDocument volume, boolean raw) throws Exception {
    new CertifiedCaller(NODES.user())
        .send(
            "PUT",
            owner,
            "/v1/volumes/" + volume.id() + "/replication",
            Map.of("peers", List.of(peer.id()), "raw", raw))
        .succeed();
  }

  private void awaitCurrent(VolumeDocument volume) throws Exception {
    Await.until(
        "the copy to have all",
        () ->
            copy(volume)
                .filter(copy -> copy.last().isPresent() && copy.lagSeconds() == 0)
                .isPresent());
  }

  /** Empty for a moment after it was said that there is to be one. */
  private Optional<CopyStatus> copy(VolumeDocument volume) throws Exception {
    return owner.client().copies().stream()
        .filter(copy -> copy.volume().equals(volume.id()))
        .findFirst();
  }
}
