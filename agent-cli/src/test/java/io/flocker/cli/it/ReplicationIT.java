package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.policy.OnDivergence;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.volume.Role;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.VolumeDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Volumes with a policy, whose copies follow by themselves whatever ends meanwhile. */
@Timeout(600)
class ReplicationIT {
  private static final int MEBIBYTE = 1 << 20;

  @RegisterExtension
  static final TwoNodes NODES =
      TwoNodes.apart(NodeSetup.usual().withPool(128L * MEBIBYTE).withFaultyZfs());

  private final TestNode owner = NODES.first();
  private final TestNode peer = NODES.second();

  @AfterEach
  void heal() throws Exception {
    NODES.network().join();
    for (TestNode node : List.of(owner, peer)) {
      node.heal();
      if (!node.daemon().isAlive()) {
        node.start();
      }
      for (VolumeDocument volume : node.client().volumes()) {
        if (volume.owner().equals(node.id())) {
          node.client().deleteReplication(volume.id());
        }
      }
    }
  }

  @Test
  @DisplayName("S01 what is written is proven at the peer soon, and nothing is sent otherwise")
  void followsEachWrite() throws Exception {
    VolumeDocument volume = replicated("replication.follows");
    // Or what this test reads would be written, as times of access, and be sent.
    var _ = Zfs.run("set", "atime=off", volume.dataset());

    for (int write = 0; write < 5; write++) {
      Files.writeString(TestNode.folder(volume).resolve("file"), "text " + write);
      awaitCopy(owner, volume, peer);
    }
    awaitCurrent(owner, volume);
    List<SnapshotDocument> before = snapshots(peer, volume);
    Duration quiet = Duration.ofSeconds(25); // Longer than comparisons and upkeep are apart.
    Thread.sleep(quiet);

    assertEquals(before, snapshots(peer, volume));
    CopyStatus copy = copy(owner, volume);
    assertEquals(0, copy.lagSeconds());
    assertEquals(
        before.getFirst().guid(),
        copy.last().orElseThrow().guid(),
        "what is told is what is there");
  }

  @Test
  @DisplayName("S12 the link is cut and healed")
  void goesOnWhenTheLinkIsHealed() throws Exception {
    VolumeDocument volume = replicated("replication.link");
    NODES.network().part();
    Files.writeString(TestNode.folder(volume).resolve("parted"), "text");
    awaitState(volume, CopyStatus.State.FAILED);
    assertTrue(copy(owner, volume).lastError().orElseThrow().containsKey("remedy"));

    NODES.network().join();

    awaitCopy(owner, volume, peer);
    awaitState(volume, CopyStatus.State.CURRENT);
  }

  @Test
  void goesOnWhenThePeersDaemonIsBack() throws Exception {
    VolumeDocument volume = replicated("replication.peer");
    peer.daemon().kill();
    Files.writeString(TestNode.folder(volume).resolve("alone"), "text");
    awaitState(volume, CopyStatus.State.FAILED);

    peer.start();

    awaitCopy(owner, volume, peer);
    awaitState(volume, CopyStatus.State.CURRENT);
  }

  @Test
  @DisplayName("R13 R16 the owner's daemon is killed in the midst of a stream")
  void goesOnAfterTheOwnersDaemonWasKilled() throws Exception {
    VolumeDocument volume = replicated("replication.killed");
    Path begun = owner.file("begun");
    owner.faults(
        "if [ \"$1\" = send ]; then touch '%s'; zfs \"$@\" | { head -c 65536; sleep 60; }; fi"
            .formatted(begun));
    Content.write(TestNode.folder(volume).resolve("large"), 2 * MEBIBYTE, 1);
    Await.until("the stream to be under way", () -> Files.exists(begun));
    owner.daemon().kill();
    owner.heal();

    owner.start();

    awaitCopy(owner, volume, peer);
    awaitState(volume, CopyStatus.State.CURRENT);
  }

  @Test
  @DisplayName("I14 I21 the peer's disk is filled and freed")
  void goesOnWhenThePeerHasRoomAgain() throws Exception {
    VolumeDocument volume = replicated("replication.full");
    VolumeDocument filler = peer.create("replication.filler");
    Path filling = TestNode.folder(filler).resolve("filling");
    Content.write(filling, 80 * MEBIBYTE, 2);
    List<SnapshotDocument> before = snapshots(peer, volume);
    Content.write(TestNode.folder(volume).resolve("large"), 40 * MEBIBYTE, 3);
    awaitState(volume, CopyStatus.State.FAILED);
    assertEquals(
        StorageFailure.NO_SPACE.type(), copy(owner, volume).lastError().orElseThrow().get("type"));
    assertTrue(snapshots(peer, volume).containsAll(before.subList(0, 1)));

    Files.delete(filling);

    awaitCopy(owner, volume, peer);
    awaitState(volume, CopyStatus.State.CURRENT);
    assertTrue(snapshots(owner, volume).size() < 10, () -> "snapshots of each try are left");
  }

  @Test
  @DisplayName("I21 a copy that has diverged is set aside by leave of its keeper, and begun anew")
  void setsADivergedCopyAside() throws Exception {
    VolumeDocument volume = replicated("replication.diverged");
    String copy = peer.volume(volume.id()).dataset();
    var _ = Zfs.run("snapshot", copy + "@by-hand");
    List<String> before = Zfs.snapshots(copy);
    var _ = owner.client().putReplication(volume.id(), rotating(Duration.ofMinutes(1)));
    Files.writeString(TestNode.folder(volume).resolve("second"), "text");
    awaitState(volume, CopyStatus.State.HINDERED);
    assertEquals(
        TransferFailure.SET_ASIDE_REFUSED.type(),
        copy(owner, volume).lastError().orElseThrow().get("type"));
    assertEquals(before, Zfs.snapshots(copy), "the peer has not allowed it");

    peer.settings("replicas: {diverged-copies: 1}");
    peer.daemon().hangUp();
    var _ = owner.client().putReplication(volume.id(), rotating(Duration.ofMinutes(2)));

    awaitCopy(owner, volume, peer);
    awaitState(volume, CopyStatus.State.CURRENT);
    VolumeDocument aside =
        peer.client().volumes().stream()
            .filter(one -> one.name().toString().startsWith("replication.diverged.diverged-"))
            .findFirst()
            .orElseThrow();
    assertEquals(Role.SUPERSEDED, aside.role());
    assertEquals(before, Zfs.snapshots(aside.dataset()));
    peer.client().destroyReplica(aside.id());
  }

  private Policy rotating(Duration maxLag) {
    return new Policy(
        List.of(peer.id()),
        maxLag,
        Policy.USUAL_MIN_INTERVAL,
        InitialReplication.ALL,
        RetentionRules.USUAL,
        Optional.empty(),
        OnDivergence.ROTATE,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void givesWayToAHandoffAndGoesOnWhereThePolicyIs() throws Exception {
    VolumeDocument volume = replicated("replication.handoff");
    Files.writeString(TestNode.folder(volume).resolve("before"), "text");
    owner.handOff(volume.id(), peer);
    Content content = Content.of(TestNode.folder(peer.volume(volume.id())));
    assertEquals(List.of("before", "first"), content.files().keySet().stream().sorted().toList());

    Await.until("the copies to be another's", () -> owner.client().copies().isEmpty());
    peer.handOff(volume.id(), owner);
    VolumeDocument back = owner.volume(volume.id());
    var _ = owner.client().putReplication(volume.id(), Policy.to(List.of(peer.id())));
    Files.writeString(TestNode.folder(back).resolve("after"), "text");

    awaitCopy(owner, back, peer);
    awaitState(back, CopyStatus.State.CURRENT);
  }

  @Test
  void pushesOfUsersAndItsOwnStandBesideEachOther() throws Exception {
    VolumeDocument volume = replicated("replication.beside");
    for (int push = 0; push < 5; push++) {
      Files.writeString(TestNode.folder(volume).resolve("file"), "text " + push);
      owner.push(volume.id(), peer);
    }

    awaitCopy(owner, volume, peer);
    awaitState(volume, CopyStatus.State.CURRENT);
  }

  @Test
  void aPolicyThatIsTakenAwayEndsIt() throws Exception {
    VolumeDocument volume = replicated("replication.ended");

    owner.client().deleteReplication(volume.id());
    Await.until("nothing to be copied", () -> owner.client().copies().isEmpty());
    List<SnapshotDocument> before = snapshots(peer, volume);
    Files.writeString(TestNode.folder(volume).resolve("unseen"), "text");
    owner.push(volume.id(), peer);

    assertFalse(before.equals(snapshots(peer, volume)), "users still push");
  }

  /** A volume with a file, whose copy is current. */
  private VolumeDocument replicated(String name) throws Exception {
    VolumeDocument volume = owner.create(name);
    Files.writeString(TestNode.folder(volume).resolve("first"), "text");
    var _ = owner.client().putReplication(volume.id(), Policy.to(List.of(peer.id())));
    awaitCopy(owner, volume, peer);
    awaitCurrent(owner, volume);
    return volume;
  }

  private void awaitState(VolumeDocument volume, CopyStatus.State state) throws Exception {
    Await.until("the copy to be " + state, () -> copy(owner, volume).state() == state);
  }

  private static void awaitCurrent(TestNode owner, VolumeDocument volume) throws Exception {
    Await.until("the copy to have all", () -> copy(owner, volume).lagSeconds() == 0);
  }

  /** Waits until the newest snapshot at the peer holds what the owner's folder holds now. */
  private static void awaitCopy(TestNode owner, VolumeDocument volume, TestNode peer)
      throws Exception {
    Content content = Content.of(TestNode.folder(volume));
    Await.until(
        "the peer's snapshot to hold all",
        () -> {
          Optional<CopyStatus> copy =
              owner.client().copies().stream()
                  .filter(one -> one.volume().equals(volume.id()))
                  .findFirst();
          return copy.flatMap(CopyStatus::last).isPresent()
              && copy.get().lagSeconds() == 0
              && newest(peer, volume.id()).equals(content);
        });
  }

  private static Content newest(TestNode peer, VolumeId volume) throws Exception {
    VolumeDocument copy = peer.volume(volume);
    return Zfs.content(
        peer.pool(), copy.dataset() + "@" + copy.latestSnapshot().orElseThrow().name());
  }

  private static CopyStatus copy(TestNode owner, VolumeDocument volume) throws Exception {
    return owner.client().copies().stream()
        .filter(copy -> copy.volume().equals(volume.id()))
        .findFirst()
        .orElseThrow();
  }

  private static List<SnapshotDocument> snapshots(TestNode node, VolumeDocument volume)
      throws Exception {
    return node.client().snapshots(volume.id());
  }
}
