package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
