package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.volume.Role;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What users do with a volume's past: clone it, go back to it, take it away. */
@Timeout(300)
class VolumeHistoryIT {
  private static final int MEBIBYTE = 1 << 20;

  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  @Test
  @DisplayName("7 36 a clone is independent of its source, and as open as that was")
  void clonesAVolume() throws Exception {
    VolumeDocument source = filled("history.source");
    Set<PosixFilePermission> ours = PosixFilePermissions.fromString("rwxr-x---");
    var _ = Files.setPosixFilePermissions(TestNode.folder(source), ours);
    take(source, "before");
    Content before = Content.of(TestNode.folder(source));
    Files.writeString(TestNode.folder(source).resolve("later"), "later");

    VolumeDocument clone =
        made(post(source, "clone", Map.of("name", "history.clone", "snapshot", "before")));

    assertEquals(before, Content.of(TestNode.folder(clone)));
    assertEquals(ours, Files.getPosixFilePermissions(TestNode.folder(clone)));
    Files.writeString(TestNode.folder(clone).resolve("own"), "own");
    assertFalse(Files.exists(TestNode.folder(source).resolve("own")));
    assertEquals(Role.OWNER, clone.role());
    assertEquals(0, clone.epoch());
    user().delete(NODES.first(), path(source)).fail(OwnershipFailure.HAS_CLONES);
    assertTrue(NODES.first().volume(source.id()).mounted());
    NODES.first().push(clone.id(), NODES.second());
    assertEquals(
        NODES.first().volume(clone.id()).latestSnapshot(),
        NODES.second().volume(clone.id()).latestSnapshot());
    NODES.first().client().destroyVolume(clone.id());
    NODES.first().client().destroyVolume(source.id());
  }

  @Test
  void clonesAReplicaWhichStaysOne() throws Exception {
    VolumeDocument source = filled("history.remote");
    NODES.first().push(source.id(), NODES.second());

    VolumeDocument clone =
        made(
            user()
                .post(NODES.second(), path(source) + "/clone", Map.of("name", "history.restored")));

    assertEquals(Content.of(TestNode.folder(source)), Content.of(TestNode.folder(clone)));
    Files.writeString(TestNode.folder(source).resolve("more"), "more");
    NODES.first().push(source.id(), NODES.second());
    assertEquals(
        NODES.first().volume(source.id()).latestSnapshot(),
        NODES.second().volume(source.id()).latestSnapshot());
  }

  @Test
  void rollsBackWhatNobodyUses() throws Exception {
    VolumeDocument volume = filled("history.back");
    take(volume, "good");
    Content good = Content.of(TestNode.folder(volume));
    Files.writeString(TestNode.folder(volume).resolve("bad"), "bad");
    take(volume, "bad");
    Map<String, Object> target = Map.of("snapshot", "good", "destroyNewer", true);

    post(volume, "rollback", Map.of("snapshot", "good")).fail(OwnershipFailure.NEWER_SNAPSHOTS);
    try (var _ = Files.newInputStream(TestNode.folder(volume).resolve("bad"))) {
      post(volume, "rollback", target).fail(OwnershipFailure.VOLUME_IN_USE);
    }
    JsonNode rolled = post(volume, "rollback", target).succeed();

    assertTrue(rolled.path("mounted").booleanValue());
    assertEquals(1, rolled.path("snapshotCount").intValue());
    assertEquals(good, Content.of(TestNode.folder(volume)));
    Files.writeString(TestNode.folder(volume).resolve("again"), "writable");
    post(volume, "rollback", Map.of("snapshot", "good")).succeed();
    assertEquals(good, Content.of(TestNode.folder(volume)));
  }

  @Test
  void rollsBackBehindAPeerOnAnExplicitWordOnly() throws Exception {
    VolumeDocument volume = filled("history.behind");
    take(volume, "old");
    NODES.first().push(volume.id(), NODES.second());
    Map<String, Object> target = Map.of("snapshot", "old", "destroyNewer", true);

    FailureException refusal = post(volume, "rollback", target).fail(OwnershipFailure.BASE_NEEDED);
    assertEquals(
        List.of(NODES.second().id().toString()),
        Json.tree(refusal.members().get("peers")).valueStream().map(JsonNode::asString).toList());
    post(volume, "rollback", Map.of("snapshot", "old", "destroyNewer", true, "force", true))
        .succeed();

    Files.writeString(TestNode.folder(volume).resolve("new"), "new");
    NODES
        .first()
        .fail(
            TransferFailure.DIVERGED,
            NODES.first().client().push(volume.id(), NODES.second().id()));
  }

  @Test
  void destroysASnapshotThatNobodyHolds() throws Exception {
    VolumeDocument volume = filled("history.gone");
    take(volume, "held");
    take(volume, "free");
    Zfs.run("hold", "backup", volume.dataset() + "@held");

    user().delete(NODES.first(), path(volume) + "/snapshots/free").succeed();
    FailureException refusal =
        user()
            .delete(NODES.first(), path(volume) + "/snapshots/held?force=true")
            .fail(StorageFailure.SNAPSHOT_HELD);

    assertEquals(List.of("held"), Zfs.snapshots(volume.dataset()));
    assertTrue(refusal.detail().contains("held has 1 hold;"), refusal::detail);
    Zfs.run("release", "backup", volume.dataset() + "@held");
    user().delete(NODES.first(), path(volume) + "/snapshots/held").succeed();
  }

  @Test
  void keepsTheBaseOfAPeerUnlessForced() throws Exception {
    VolumeDocument volume = filled("history.base");
    NODES.first().push(volume.id(), NODES.second());
    SnapshotDocument base = TestNode.latest(NODES.first().volume(volume.id()));
    String path = path(volume) + "/snapshots/" + base.name();

    user().delete(NODES.first(), path).fail(OwnershipFailure.BASE_NEEDED);
    user().delete(NODES.second(), path + "?force=true").fail(OwnershipFailure.NOT_OWNER);
    user().delete(NODES.first(), path + "?force=true").succeed();

    assertEquals(List.of(), Zfs.snapshots(volume.dataset()));
    NODES.first().client().destroyVolume(volume.id());
  }

  @Test
  void resizesAndDescribesAVolume() throws Exception {
    VolumeDocument volume = filled("history.size");

    FailureException refusal =
        patch(volume, Map.of("quotaBytes", MEBIBYTE / 2)).fail(OwnershipFailure.QUOTA_TOO_SMALL);
    JsonNode changed =
        patch(volume, Map.of("quotaBytes", 8 * MEBIBYTE, "metadata", Map.of("team", "storage")))
            .succeed();

    assertTrue(refusal.members().containsKey("referencedBytes"));
    assertEquals(8 * MEBIBYTE, changed.path("quotaBytes").longValue());
    assertEquals(Integer.toString(8 * MEBIBYTE), Zfs.property(volume.dataset(), "refquota"));
    NODES.first().crashAndStart();
    VolumeDocument after = NODES.first().volume(volume.id());
    assertEquals(Map.of("team", "storage"), after.metadata());
    assertEquals(Set.of("file"), Content.of(TestNode.folder(after)).files().keySet());
  }

  @Test
  void aDestroyedVolumeIsNotBroughtBackByAReplica() throws Exception {
    VolumeDocument volume = filled("history.dead");
    NODES.first().push(volume.id(), NODES.second());
    NODES.first().client().destroyVolume(volume.id());

    user()
        .post(NODES.first(), "/v1/volumes", Map.of("name", "history.dead", "id", volume.id()))
        .fail(OwnershipFailure.VOLUME_DESTROYED);
    assertEquals(Role.REPLICA, NODES.second().volume(volume.id()).role());
  }

  private static VolumeDocument filled(String name) throws Exception {
    VolumeDocument volume = NODES.first().create(name);
    Path folder = TestNode.folder(volume);
    Content.write(folder.resolve("file"), MEBIBYTE, 7);
    return volume;
  }

  private static void take(VolumeDocument volume, String name) throws Exception {
    post(volume, "snapshots", Map.of("name", name)).succeed();
  }

  private static Reply post(VolumeDocument volume, String verb, Object body) throws Exception {
    return user().post(NODES.first(), path(volume) + "/" + verb, body);
  }

  private static Reply patch(VolumeDocument volume, Object body) throws Exception {
    return user().send("PATCH", NODES.first(), path(volume), body);
  }

  private static VolumeDocument made(Reply reply) {
    return Json.convert(reply.succeed(), VolumeDocument.class);
  }

  private static String path(VolumeDocument volume) {
    return "/v1/volumes/" + volume.id();
  }

  private static CertifiedCaller user() {
    return new CertifiedCaller(NODES.user());
  }
}
