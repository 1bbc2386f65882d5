package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What is refused or fails leaves the volume with its users. */
@Timeout(300)
class RefusalIT {
  @RegisterExtension
  static final TwoNodes NODES = new TwoNodes(NodeSetup.usual().withFaultyZfs(), NodeSetup.usual());

  @Test
  void aHeldSnapshotKeepsTheVolumeAsItIs() throws Exception {
    VolumeDocument volume = NODES.first().create("refusal.held");
    take(volume, "kept");
    Zfs.run("hold", "keep", volume.dataset() + "@kept");

    FailureException refusal = destroy(volume).fail(StorageFailure.SNAPSHOT_HELD);

    assertEquals("kept", member(refusal, "snapshot"));
    requireInUse(volume);
    NODES.first().crashAndStart();
    requireInUse(volume);
    Zfs.run("release", "keep", volume.dataset() + "@kept");
    destroy(volume).succeed();
  }

  @Test
  void whatZfsRefusesToDestroyIsMountedAgain() throws Exception {
    VolumeDocument volume = NODES.first().create("refusal.failing");
    take(volume, "any");
    try {
      NODES
          .first()
          .faults("case $1 in destroy) echo 'cannot destroy: it rains' >&2; exit 1;; esac");
      destroy(volume).fail(StorageFailure.ZFS_FAILED);
    } finally {
      NODES.first().heal();
    }

    requireInUse(volume);
    destroy(volume).succeed();
  }

  @Test
  void whatZfsRefusesToRollBackIsMountedAgain() throws Exception {
    VolumeDocument volume = NODES.first().create("refusal.rollback");
    take(volume, "any");
    try {
      NODES.first().faults("case $1 in rollback) echo 'cannot: it rains' >&2; exit 1;; esac");
      rollBack(volume, "any").fail(StorageFailure.ZFS_FAILED);
    } finally {
      NODES.first().heal();
    }

    requireInUse(volume);
  }

  @Test
  void whatIsWrittenBesideAVolumeDuringItsRollbackDoesNotKeepItFromBeingMounted() throws Exception {
    VolumeDocument volume = NODES.first().create("refusal.beside");
    Path folder = TestNode.folder(volume);
    take(volume, "any");
    try {
      NODES
          .first()
          .faults("case $1 in rollback) mkdir %1$s && echo t > %1$s/log;; esac".formatted(folder));
      rollBack(volume, "any").succeed();
    } finally {
      NODES.first().heal();
    }

    requireInUse(volume);
    assertFalse(Files.exists(folder.resolve("log")));
    String where = NODES.first().volume(volume.id()).mountReason().orElse("");
    Path stray = Path.of(where.substring(where.indexOf('/')));
    assertEquals("t\n", Files.readString(stray.resolve("log")));
    Files.delete(stray.resolve("log"));
    Files.delete(stray);
    destroy(volume).succeed();
  }

  @Test
  void whatCannotBeMadeWholeIsTakenAwayAgain() throws Exception {
    Map<String, String> wanted = Map.of("name", "refusal.unmade");
    try {
      NODES.first().faults("case $1 in mount) echo 'cannot mount: it rains' >&2; exit 1;; esac");
      user().post(NODES.first(), "/v1/volumes", wanted).fail(StorageFailure.ZFS_FAILED);
    } finally {
      NODES.first().heal();
    }

    JsonNode made = user().post(NODES.first(), "/v1/volumes", wanted).succeed();
    assertTrue(made.path("mounted").booleanValue());
  }

  @Test
  void whoeverUsesAVolumeIsNamedAndNobodyElse() throws Exception {
    VolumeDocument volume = NODES.first().create("refusal.used");
    try (VolumeUser user =
        VolumeUser.run(
            TestNode.folder(volume), Map.of(), "sh", "-c", "exec 3>open; echo ready; exec cat")) {
      FailureException refusal = destroy(volume).fail(OwnershipFailure.VOLUME_IN_USE);

      assertEquals(
          List.of(user.pid()),
          Json.tree(refusal.members().get("holders"))
              .valueStream()
              .map(holder -> holder.path("pid").longValue())
              .distinct()
              .toList());
    }
    requireInUse(volume);
  }

  @Test
  void everyNameThatZfsAllowsIsServed() throws Exception {
    VolumeDocument volume = NODES.first().create("refusal.names");
    take(volume, "-first");
    Zfs.run("snapshot", volume.dataset() + "@ by hand.");
    Files.writeString(TestNode.folder(volume).resolve("later"), "later");

    rollBack(volume, " by hand.").succeed();
    user()
        .post(
            NODES.first(),
            path(volume) + "/clone",
            Map.of("name", "refusal.cloned", "snapshot", "-first"))
        .succeed();
    NODES.first().push(volume.id(), NODES.second());
    user().delete(NODES.first(), path(volume) + "/snapshots/%20by%20hand.").succeed();
    for (String refused : List.of("a,b", "a%b", "..", "flk.mine", "x".repeat(65))) {
      user()
          .post(NODES.first(), path(volume) + "/snapshots", Map.of("name", refused))
          .fail(RequestFailure.SCHEMA_VIOLATION);
    }

    requireInUse(volume);
  }

  @Test
  void aReplicaThatIsInTheWayIsNamedWithTheNodeThatHasIt() throws Exception {
    VolumeDocument volume = NODES.first().create("refusal.name");
    NODES.first().push(volume.id(), NODES.second());

    user()
        .post(NODES.second(), "/v1/volumes", Map.of("name", "refusal.name"))
        .fail(OwnershipFailure.VOLUME_EXISTS);
    destroy(volume).succeed();
    VolumeDocument next = NODES.first().create("refusal.name");
    FailureException refusal =
        NODES
            .first()
            .fail(
                OwnershipFailure.VOLUME_EXISTS,
                NODES.first().client().push(next.id(), NODES.second().id()));

    assertEquals(volume.id().toString(), member(refusal, "volume"));
    assertEquals(NODES.second().id().toString(), member(refusal, "node"));
    String remedy = "DELETE " + path(volume) + "?replica=true";
    assertTrue(refusal.detail().contains(remedy), refusal::detail);
    user().delete(NODES.second(), path(volume) + "?replica=true").succeed();
    NODES.first().push(next.id(), NODES.second());
  }

  @Test
  void whatIsWhereAVolumeWouldBeMountedIsToldOfAndLeft() throws Exception {
    Path occupied = mountRoot(NODES.first()).resolve("refusal.occupied");
    Files.writeString(occupied, "precious");
    requireOccupied(occupied);
    assertEquals("precious", Files.readString(occupied));
    Files.delete(occupied);
    Files.createSymbolicLink(occupied, Path.of("nowhere"));
    requireOccupied(occupied);
    assertTrue(Files.isSymbolicLink(occupied));
    Files.delete(occupied);
    Files.createDirectory(occupied);
    run("mount", "-t", "tmpfs", "test", occupied.toString());
    try {
      requireOccupied(occupied);
    } finally {
      run("umount", occupied.toString());
    }
    Files.delete(occupied);

    VolumeDocument volume = NODES.first().create("refusal.occupied");
    NODES.first().push(volume.id(), NODES.second());
    Path atPeer = mountRoot(NODES.second()).resolve("refusal.occupied");
    Files.writeString(atPeer, "precious");
    user().delete(NODES.second(), path(volume) + "?replica=true").succeed();
    assertEquals("precious", Files.readString(atPeer));
    destroy(volume).succeed();
    assertFalse(Files.exists(occupied), "its own folder goes with it");
  }

  private static void requireOccupied(Path mountpoint) throws Exception {
    FailureException refusal =
        user()
            .post(NODES.first(), "/v1/volumes", Map.of("name", "refusal.occupied"))
            .fail(OwnershipFailure.MOUNTPOINT_OCCUPIED);
    assertEquals(NODES.first().id().toString(), member(refusal, "node"));
    assertEquals(mountpoint.toString(), member(refusal, "mountpoint"));
  }

  @Test
  void aMountRootThatIsALinkIsAsGoodAsWhatItLeadsTo() throws Exception {
    Path root = mountRoot(NODES.first());
    VolumeDocument before = NODES.first().create("refusal.before");
    Path link = Files.createSymbolicLink(NODES.first().file("link"), root);
    try {
      NODES.first().settings("mount-root: " + link);
      NODES.first().crashAndStart();
      VolumeDocument volume = NODES.first().create("refusal.linked");
      assertEquals(root.resolve("refusal.linked"), TestNode.folder(volume));
      try (VolumeUser user =
          VolumeUser.run(
              link.resolve("refusal.linked"), Map.of(), "sh", "-c", "echo ready; exec cat")) {
        FailureException refusal = destroy(volume).fail(OwnershipFailure.VOLUME_IN_USE);
        assertEquals(
            user.pid(),
            Json.tree(refusal.members().get("holders")).path(0).path("pid").longValue());
      }
      for (VolumeDocument moved : List.of(volume, before)) {
        NODES.first().handOff(moved.id(), NODES.second());
        NODES.second().handOff(moved.id(), NODES.first());
        requireInUse(moved);
        destroy(moved).succeed();
      }
    } finally {
      NODES.first().settings("mount-root: " + root);
      NODES.first().crashAndStart();
    }
  }

  @Test
  void aVolumeThatWasMountedThroughALinkCanBeHandedOff() throws Exception {
    VolumeDocument volume = NODES.first().create("refusal.through");
    Path link = Files.createSymbolicLink(NODES.first().file("through"), mountRoot(NODES.first()));
    Zfs.run("unmount", volume.dataset());
    Zfs.run("set", "mountpoint=" + link.resolve("refusal.through"), volume.dataset());
    Zfs.run("mount", volume.dataset());

    NODES.first().handOff(volume.id(), NODES.second());
    NODES.second().handOff(volume.id(), NODES.first());

    requireInUse(volume);
  }

  @Test
  void aSnapshotIsAnsweredAsTakenWhereItIsTaken() throws Exception {
    VolumeDocument volume = NODES.first().create("refusal.lost");
    try {
      NODES.first().faults("case $1 in snapshot) /usr/sbin/zfs \"$@\"; exit 1;; esac");
      take(volume, "lost");
      user()
          .post(NODES.first(), path(volume) + "/snapshots", Map.of("name", "lost"))
          .fail(StorageFailure.DATASET_EXISTS);
    } finally {
      NODES.first().heal();
    }

    assertEquals(List.of("lost"), Zfs.snapshots(volume.dataset()));
  }

  @Test
  void aQuotaThatNotEvenAnEmptyVolumeKeepsIsCalledTooSmall() throws Exception {
    VolumeDocument volume = NODES.first().create("refusal.quota");

    user()
        .post(NODES.first(), "/v1/volumes", Map.of("name", "refusal.small", "quotaBytes", 100))
        .fail(OwnershipFailure.QUOTA_TOO_SMALL);
    user()
        .post(
            NODES.first(),
            path(volume) + "/clone",
            Map.of("name", "refusal.small", "quotaBytes", 1))
        .fail(OwnershipFailure.QUOTA_TOO_SMALL);
    user()
        .post(NODES.first(), "/v1/volumes", Map.of("name", "refusal.small", "quotaBytes", 1 << 20))
        .succeed();

    assertEquals(List.of(), Zfs.snapshots(volume.dataset()));
  }

  /** Where the node's volumes are mounted. */
  private static Path mountRoot(TestNode node) {
    return node.pool().mounts();
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  /** It is mounted, its users write, and no tombstone keeps its id from anybody. */
  private static void requireInUse(VolumeDocument volume) throws Exception {
    Path folder = TestNode.folder(volume);
    Files.writeString(folder.resolve("still"), "writable");
    assertTrue(NODES.first().volume(volume.id()).mounted());
    assertEquals("yes", Zfs.property(volume.dataset(), "mounted"));
    assertEquals("off", Zfs.property(volume.dataset(), "readonly"));
    user()
        .post(
            NODES.first(),
            "/v1/volumes",
            Map.of("name", "refusal.other", "id", volume.id().toString()))
        .fail(OwnershipFailure.VOLUME_EXISTS);
  }

  private static String member(FailureException refusal, String name) {
    return Json.tree(refusal.members().get(name)).asString();
  }

  private static void take(VolumeDocument volume, String name) throws Exception {
    user().post(NODES.first(), path(volume) + "/snapshots", Map.of("name", name)).succeed();
  }

  private static Reply rollBack(VolumeDocument volume, String snapshot) throws Exception {
    return user().post(NODES.first(), path(volume) + "/rollback", Map.of("snapshot", snapshot));
  }

  private static Reply destroy(VolumeDocument volume) throws Exception {
    return user().delete(NODES.first(), path(volume));
  }

  private static String path(VolumeDocument volume) {
    return "/v1/volumes/" + volume.id();
  }

  private static CertifiedCaller user() {
    return new CertifiedCaller(NODES.user());
  }
}
