package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.storage.Needs;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.json.Json;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two nodes on a real OpenZFS, which do what zfs-fuse is not able to do. Where there is none it is
 * skipped before any daemon starts; init/with-openzfs has one.
 */
@Timeout(1800)
class OpenZfsNodesIT {
  private static final int MEBIBYTE = 1 << 20;
  private static final int LARGE = 24 * MEBIBYTE;
  private static final int ARRIVES = 16 * MEBIBYTE;

  @RegisterExtension
  @Order(1)
  static final BeforeAllCallback NEEDED = _ -> Needs.openZfs();

  @RegisterExtension
  @Order(2)
  static final TwoNodes NODES = TwoNodes.apart(NodeSetup.usual().withFaultyZfs());

  private final TestNode owner = NODES.first();
  private final TestNode peer = NODES.second();

  @AfterEach
  void heal() throws Exception {
    NODES.network().join();
    for (TestNode node : NODES.both()) {
      node.heal();
      if (!node.daemon().isAlive()) {
        node.start();
      }
    }
  }

  @Test
  @DisplayName("S03 what no folder tells and no comparison sees is sent by the pool's own events")
  void followsByTheEventsOfThePool() throws Exception {
    // Or whoever reads here would write. Said of a mounted volume it would end its mount for
    // writing.
    var _ = Zfs.run("set", "atime=off", owner.pool().name());
    VolumeDocument volume = owner.create("openzfs.events");
    Path file = TestNode.folder(volume).resolve("mapped");
    Content.write(file, MEBIBYTE, 1);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer mapped = channel.map(MapMode.READ_WRITE, 0, MEBIBYTE);
      var _ = owner.client().putReplication(volume.id(), Policy.to(List.of(peer.id())));
      awaitCopy(volume);
      owner.faults("case \"$*\" in *name,referenced,written*) exit 1;; esac");
      mapped.put(0, new byte[4096]);
      MappedByteBuffer _ = mapped.force();

      var _ = Zfs.run("snapshot", volume.dataset() + "@by-hand");

      awaitCopy(volume);
    }
    owner.client().deleteReplication(volume.id());
  }

  @Test
  @DisplayName("R01 what had arrived when the peer's daemon was killed is not sent again")
  void goesOnAfterThePeersDaemonWasKilled() throws Exception {
    VolumeDocument volume = owner.create("openzfs.killed");
    Gate half = Gate.at(peer);
    OperationView cut = beginToPush(volume, half);
    long _ = half.awaitReached();

    peer.daemon().kill();
    half.open();
    peer.heal();
    peer.start();

    assertEquals(OperationState.FAILED, owner.finish(cut).state());
    bringsTheRest(volume);
  }

  @Test
  @DisplayName("R02 what had arrived of an increment when the link was cut is not sent again")
  void goesOnAfterTheLinkWasCut() throws Exception {
    VolumeDocument volume = owner.create("openzfs.parted");
    owner.push(volume.id(), peer);
    Gate half = Gate.at(peer);
    OperationView cut = beginToPush(volume, half);
    long _ = half.awaitReached();

    NODES.network().part();
    assertEquals(OperationState.FAILED, owner.finish(cut).state());
    half.open();
    peer.heal();
    NODES.network().join();

    bringsTheRest(volume);
  }

  @Test
  @DisplayName("25 a handoff there and back, and what a copy must not do")
  void movesThereAndBack() throws Exception {
    VolumeDocument volume = Moves.filled(owner, "openzfs.moves");
    Content before = Moves.content(owner, volume);

    owner.handOff(volume.id(), peer);

    Moves.requireOwner(peer, volume, 1);
    Moves.requireReplica(owner, volume, peer, 1);
    requireHarmless(owner, volume.id());
    assertEquals(before, Moves.content(peer, volume));
    Content.write(Moves.mountpoint(peer, volume).resolve("there"), MEBIBYTE, 2);
    Content after = Moves.content(peer, volume);

    peer.handOff(volume.id(), owner);

    Moves.requireOwner(owner, volume, 2);
    Moves.requireReplica(peer, volume, owner, 2);
    requireHarmless(peer, volume.id());
    assertEquals(after, Moves.content(owner, volume));
    for (String right : List.of("setuid", "devices", "exec")) {
      assertEquals("on", Zfs.property(owner.volume(volume.id()).dataset(), right), right);
    }
  }

  @Test
  @DisplayName("P03 the base is gone, and its bookmark serves")
  void goesOnFromABookmark() throws Exception {
    VolumeDocument volume = owner.create("openzfs.bookmark");
    Content.write(TestNode.folder(volume).resolve("large"), 4 * MEBIBYTE, 3);
    owner.push(volume.id(), peer);
    for (String snapshot : Zfs.snapshots(volume.dataset())) {
      String name = volume.dataset() + "@" + snapshot;
      for (String hold : Zfs.run("holds", "-H", name).lines().toList()) {
        var _ = Zfs.run("release", hold.split("\t", -1)[1], name);
      }
      var _ = Zfs.run("destroy", name);
    }
    Files.writeString(TestNode.folder(volume).resolve("small"), "text");

    OperationView push = owner.push(volume.id(), peer);

    assertEquals(List.of("incremental"), streamKinds(push));
    assertTrue(push.bytes() < MEBIBYTE, push::toString);
    assertEquals(Content.of(TestNode.folder(volume)), replicated(volume));
  }

  @Test
  @DisplayName("I19 blocks travel as they are stored, large and compressed, there and back")
  void blocksTravelAsTheyAreStored() throws Exception {
    VolumeDocument volume = owner.create("openzfs.stored");
    for (String setting : List.of("recordsize=1M", "compression=lz4")) {
      var _ = Zfs.run("set", setting, volume.dataset());
    }
    Path folder = TestNode.folder(volume);
    Files.writeString(folder.resolve("compressible"), "compressible ".repeat(16 * MEBIBYTE / 13));

    OperationView push = owner.push(volume.id(), peer);

    assertTrue(push.bytes() < 4 * MEBIBYTE, push::toString);
    assertEquals(Content.of(folder), replicated(volume));
    owner.handOff(volume.id(), peer);
    Files.writeString(Moves.mountpoint(peer, volume).resolve("more"), "more ".repeat(MEBIBYTE));
    Content content = Moves.content(peer, volume);
    peer.handOff(volume.id(), owner);
    assertEquals(content, Moves.content(owner, volume));
  }

  /** Writes much, and begins to push it; the peer's {@code zfs} waits when it has taken a part. */
  private OperationView beginToPush(VolumeDocument volume, Gate half) throws Exception {
    Content.write(TestNode.folder(volume).resolve("large"), LARGE, volume.id().hashCode());
    owner.client().takeSnapshot(volume.id());
    peer.faults(
        "case \"$*\" in receive*-A*) ;; receive*) { head -c %d; %s cat; } | zfs \"$@\"; exit $?;; esac"
            .formatted(ARRIVES, half.shell()));
    return startPush(volume.id());
  }

  /** What has not arrived is sent, and no more than that. */
  private void bringsTheRest(VolumeDocument volume) throws Exception {
    OperationView rest = owner.succeed(startPush(volume.id()));

    assertEquals(List.of("resume"), streamKinds(rest));
    assertTrue(rest.bytes() < LARGE - ARRIVES / 2, rest::toString);
    assertEquals(Content.of(TestNode.folder(volume)), replicated(volume));
  }

  /** Starts to push the snapshots that are there. */
  private OperationView startPush(VolumeId volume) throws Exception {
    return Json.convert(
        new CertifiedCaller(NODES.user())
            .post(
                owner,
                "/v1/volumes/" + volume + "/push",
                Map.of("peer", peer.id(), "snapshot", false))
            .succeed(),
        OperationView.class);
  }

  private static List<String> streamKinds(OperationView push) {
    return Json.tree(push.result().orElseThrow())
        .path("streams")
        .valueStream()
        .map(stream -> stream.path("kind").stringValue())
        .toList();
  }

  private static void requireHarmless(TestNode node, VolumeId volume) throws Exception {
    String copy = node.volume(volume).dataset();
    for (String right : List.of("setuid", "devices", "exec")) {
      assertEquals("off", Zfs.property(copy, right), right);
    }
  }

  /** Waits until the newest snapshot at the peer holds what the owner's folder holds now. */
  private void awaitCopy(VolumeDocument volume) throws Exception {
    Content content = Content.of(TestNode.folder(volume));
    Await.until(
        "the peer's snapshot to hold all",
        () -> isCurrent(volume) && replicated(volume).equals(content));
  }

  private boolean isCurrent(VolumeDocument volume) throws Exception {
    return owner.client().copies().stream()
        .filter(copy -> copy.volume().equals(volume.id()))
        .anyMatch(copy -> copy.last().isPresent() && copy.lagSeconds() == 0);
  }

  /** What the replica's newest snapshot holds. */
  private Content replicated(VolumeDocument volume) throws Exception {
    VolumeDocument copy = peer.volume(volume.id());
    return Zfs.content(peer.pool(), copy.dataset() + "@" + TestNode.latest(copy).name());
  }
}
