package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.operation.OperationView;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.replicate.policy.PolicySource;
import io.flocker.core.volume.Role;
import io.flocker.http.api.ReplicationDocument;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.VolumePatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(300)
class HandoffIT {
  private static final int MEBIBYTE = 1 << 20;

  /** The second node's pool holds far less than the first one's. */
  @RegisterExtension
  static final TwoNodes NODES =
      new TwoNodes(
          NodeSetup.usual().withFaultyZfs(),
          NodeSetup.usual().withPool(96L * MEBIBYTE).withFaultyZfs());

  @AfterEach
  void heal() throws Exception {
    NODES.first().heal();
    NODES.second().heal();
  }

  @Test
  @DisplayName("18 55 after a handoff the destination owns the volume and both have the data")
  void movesContentAndOwnership() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.moved");
    Content before = Moves.content(NODES.first(), volume);

    OperationView handoff = NODES.first().handOff(volume.id(), NODES.second());

    assertEquals(before, Moves.content(NODES.second(), volume));
    Moves.requireOwner(NODES.second(), volume, 1);
    Moves.requireReplica(NODES.first(), volume, NODES.second(), 1);
    assertEquals(
        handoff.result().orElseThrow().get("finalSnapshot"),
        TestNode.latest(NODES.first().volume(volume.id())).guid().toString());
    assertEquals(before, copy(NODES.first(), volume));
    assertEquals("", heldSnapshots(NODES.first(), volume), "held for a peer by a replica");
  }

  @Test
  @DisplayName("25 a volume that went to another node comes back with what was changed there")
  void comesBack() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.round");
    NODES.first().handOff(volume.id(), NODES.second());
    Path folder = Moves.mountpoint(NODES.second(), volume);
    Files.writeString(folder.resolve("there"), "and back");
    Files.delete(folder.resolve("a"));
    Content changed = Content.of(folder);

    NODES.second().handOff(volume.id(), NODES.first());

    assertEquals(changed, Moves.content(NODES.first(), volume));
    Moves.requireOwner(NODES.first(), volume, 2);
    Moves.requireReplica(NODES.second(), volume, NODES.first(), 2);
    NODES.first().handOff(volume.id(), NODES.second());
    assertEquals(changed, Moves.content(NODES.second(), volume));
    Moves.requireOwner(NODES.second(), volume, 3);
  }

  @Test
  void takesAlongWhatUsersWroteAboutTheVolume() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.described");
    describe(NODES.first(), volume, Map.of("team", "web", "tier", "1"));
    NODES.first().handOff(volume.id(), NODES.second());
    assertEquals(Map.of("team", "web", "tier", "1"), NODES.second().volume(volume.id()).metadata());
    assertEquals(Map.of(), NODES.first().volume(volume.id()).metadata(), "the owner's count");
    Map<String, @Nullable String> removal = new HashMap<>();
    removal.put("team", null);
    describe(NODES.second(), volume, removal);

    NODES.second().handOff(volume.id(), NODES.first());

    assertEquals(Map.of("tier", "1"), NODES.first().volume(volume.id()).metadata());
  }

  @Test
  void theNewOwnerGoesOnWithWhatIsSaidAboutCopies() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.followed");
    Policy said =
        new Policy(List.of(NODES.second().id()), Duration.ofMinutes(5), Duration.ofMillis(1_500));
    var _ = NODES.first().client().putReplication(volume.id(), said);

    NODES.first().handOff(volume.id(), NODES.second());
    ReplicationDocument there = NODES.second().client().replication(volume.id()).orElseThrow();
    NODES.second().handOff(volume.id(), NODES.first());
    ReplicationDocument back = NODES.first().client().replication(volume.id()).orElseThrow();

    assertEquals(PolicySource.VOLUME, there.source());
    assertEquals(List.of(NODES.first().id()), there.policy().orElseThrow().peers());
    assertEquals(said.maxLag(), there.policy().orElseThrow().maxLag());
    assertEquals(Optional.of(said), back.policy());
  }

  private static void describe(
      TestNode node, VolumeDocument volume, Map<String, @Nullable String> metadata)
      throws Exception {
    var _ = node.client().changeVolume(volume.id(), new VolumePatch(null, metadata));
  }

  @Test
  void mountsAnUnmountedVolumeFirst() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.unmounted");
    Content before = Moves.content(NODES.first(), volume);
    Zfs.run("unmount", volume.dataset());

    NODES.first().handOff(volume.id(), NODES.second());

    assertEquals(before, Moves.content(NODES.second(), volume));
    Moves.requireReplica(NODES.first(), volume, NODES.second(), 1);
  }

  @Test
  @DisplayName("47 stray data at the old mountpoint is not deleted, nor mounted over: no handoff")
  void leavesStrayDataAlone() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.stray");
    Content before = Moves.content(NODES.first(), volume);
    NODES.first().handOff(volume.id(), NODES.second());
    assertFalse(Files.exists(Moves.mountpoint(NODES.first(), volume)), "nobody's folder is left");
    Path stray = Moves.mountpoint(NODES.first(), volume).resolve("stray");
    Files.createDirectories(stray.getParent());
    Files.writeString(stray, "somebody's");

    FailureException refused =
        NODES
            .second()
            .fail(
                OwnershipFailure.MOUNTPOINT_OCCUPIED,
                NODES.second().client().handoff(volume.id(), NODES.first().id()));

    assertTrue(refused.detail().contains(String.valueOf(stray.getParent())), refused.detail());
    assertTrue(refused.detail().contains(NODES.first().id().toString()), refused.detail());
    assertEquals("somebody's", Files.readString(stray));
    Moves.requireOwner(NODES.second(), volume, 1);
    assertEquals(before, Moves.content(NODES.second(), volume));
    Files.delete(stray);
    NODES.second().handOff(volume.id(), NODES.first());
    assertEquals(before, Moves.content(NODES.first(), volume));
  }

  @Test
  void looksNeitherLostNorContestedWhileItMoves() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.watched");
    NODES.first().push(volume.id(), NODES.second());
    AtomicBoolean isOver = new AtomicBoolean();
    List<CompletableFuture<Set<Role>>> watches =
        List.of(
            CompletableFuture.supplyAsync(() -> roles(NODES.first(), volume, isOver)),
            CompletableFuture.supplyAsync(() -> roles(NODES.second(), volume, isOver)));

    for (int i = 0; i < 3; i++) {
      NODES.first().handOff(volume.id(), NODES.second());
      NODES.second().handOff(volume.id(), NODES.first());
    }

    isOver.set(true);
    for (CompletableFuture<Set<Role>> watch : watches) {
      Set<Role> seen = watch.get(60, TimeUnit.SECONDS);
      assertFalse(seen.contains(Role.CONTESTED), seen::toString);
      assertTrue(seen.containsAll(Set.of(Role.OWNER, Role.REPLICA)), seen::toString);
    }
  }

  /** All that the node says it is to the volume, until it is over; fails once there is none. */
  private static Set<Role> roles(TestNode node, VolumeDocument volume, AtomicBoolean isOver) {
    Set<Role> seen = EnumSet.noneOf(Role.class);
    try {
      while (!isOver.get()) {
        boolean _ = seen.add(node.volume(volume.id()).role());
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return seen;
  }

  @Test
  void refusesAVolumeWithAChildAndChangesNothing() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.parent");
    Zfs.run("create", "-o", "mountpoint=none", volume.dataset() + "/child");
    try {
      refuses(OwnershipFailure.HAS_CHILDREN, volume);

      assertFalse(isKnown(NODES.second(), volume));
    } finally {
      Zfs.run("destroy", volume.dataset() + "/child");
    }
  }

  @Test
  @DisplayName("35 nothing is handed off to who owns a volume of that name")
  void refusesWhereThePeerOwnsAVolumeOfThatName() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.namesake");
    NODES.second().create("default.namesake");

    refuses(OwnershipFailure.VOLUME_EXISTS, volume);

    assertFalse(isKnown(NODES.second(), volume));
  }

  @Test
  void refusesWhatThePeerHasNoRoomFor() throws Exception {
    VolumeDocument volume = NODES.first().create("default.large");
    Path folder = TestNode.folder(volume);
    Content.write(folder.resolve("a"), 50 * MEBIBYTE, 1);
    Content.write(folder.resolve("b"), 50 * MEBIBYTE, 2);
    Await.until( // Sizes follow with the next transaction group.
        "the pool to count what was written",
        () -> NODES.first().volume(volume.id()).referencedBytes() > 96L * MEBIBYTE);

    refuses(StorageFailure.NO_SPACE, volume);

    NODES.first().client().destroyVolume(volume.id());
  }

  @Test
  @DisplayName("50 zfs send fails: the handoff does not proceed and the volume stays")
  void staysWhenTheFirstSendFails() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.unsent");
    NODES
        .first()
        .faults(
            "case \"$1 $2\" in 'send -n'*) ;; send*)"
                + " echo 'cannot send: broken' >&2; exit 3;; esac");

    FailureException failure = refuses(TransferFailure.SENDER_FAILED, volume);

    assertTrue(failure.toString().contains("broken"), failure.toString());
  }

  @Test
  @DisplayName("50 the send after quiescing fails: the volume is writable again where it was")
  void returnsToItsUsersWhenTheFinalSendFails() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.unfinished");
    NODES
        .first()
        .faults("case \"$*\" in 'send -n'*) ;; send*.handoff.*) echo broken >&2; exit 3;; esac");

    var _ = refuses(TransferFailure.SENDER_FAILED, volume);

    assertTrue(isKnown(NODES.second(), volume), "the first stream had arrived");
    NODES.first().heal();
    NODES.first().handOff(volume.id(), NODES.second());
    Moves.requireOwner(NODES.second(), volume, 1);
  }

  @Test
  @DisplayName("50 zfs receive fails: the handoff does not proceed and the volume stays")
  void staysWhenTheReceiveFails() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.unreceived");
    NODES.second().faults("case $1 in receive) echo 'cannot receive: broken' >&2; exit 3;; esac");

    var _ = refuses(TransferFailure.RECEIVER_FAILED, volume);

    assertFalse(isKnown(NODES.second(), volume));
  }

  @Test
  void returnsToItsUsersWhenItCannotBeMadeReadOnly() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.stubborn");
    NODES.first().faults("case \"$*\" in 'set readonly=on '*) echo broken >&2; exit 1;; esac");

    var _ = refuses(StorageFailure.ZFS_FAILED, volume);
  }

  @Test
  void returnsToItsUsersWhenTheReleaseIsRefused() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.kept");
    NODES.first().faults("case \"$*\" in *' released '*) echo broken >&2; exit 1;; esac");

    var _ = refuses(StorageFailure.ZFS_FAILED, volume);
  }

  /** The handoff fails for that reason, and the first node is the owner that it was. */
  private static FailureException refuses(Failure reason, VolumeDocument volume) throws Exception {
    TestNode owner = NODES.first();
    Content before = Moves.content(owner, volume);

    FailureException failure =
        owner.fail(reason, owner.client().handoff(volume.id(), NODES.second().id()));

    Moves.requireOwner(owner, volume, 0);
    assertEquals(before, Moves.content(owner, volume));
    return failure;
  }

  private static boolean isKnown(TestNode node, VolumeDocument volume) throws Exception {
    List<VolumeDocument> volumes = node.client().volumes();
    return volumes.stream().anyMatch(other -> other.id().equals(volume.id()));
  }

  private static Content copy(TestNode node, VolumeDocument volume) throws Exception {
    VolumeDocument there = node.volume(volume.id());
    return Zfs.content(node.pool(), there.dataset() + "@" + TestNode.latest(there).name());
  }

  private static String heldSnapshots(TestNode node, VolumeDocument volume) throws Exception {
    String all =
        Zfs.run(
            "get",
            "-Hp",
            "-d",
            "1",
            "-o",
            "name,value",
            "userrefs",
            node.volume(volume.id()).dataset());
    return String.join(
        "\n", all.lines().filter(line -> !line.endsWith("\t0") && !line.endsWith("\t-")).toList());
  }
}
