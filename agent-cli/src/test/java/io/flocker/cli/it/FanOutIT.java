package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.TransferFailure;
import io.flocker.core.replicate.Arrival;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.VolumeDocument;
import java.io.IOException;
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

/** A volume with copies at two peers, to which one {@code zfs send} goes. */
@Timeout(600)
class FanOutIT {
  private static final int MEBIBYTE = 1 << 20;

  @RegisterExtension
  static final TwoNodes NODES = TwoNodes.andOneMore(NodeSetup.usual().withFaultyZfs());

  /** How often two copies that should share a stream may begin apart. */
  private static final int MOST_TRIES = 5;

  private final TestNode owner = NODES.first();
  private final TestNode quick = NODES.second();
  private final TestNode other = NODES.third();
  private final Path sends = owner.file("sends");

  @AfterEach
  void heal() throws Exception {
    for (TestNode node : List.of(owner, quick, other)) {
      node.heal();
      if (!node.daemon().isAlive()) {
        node.start();
      }
    }
    for (VolumeDocument volume : owner.client().volumes()) {
      owner.client().deleteReplication(volume.id());
    }
    Files.deleteIfExists(sends);
  }

  @Test
  @DisplayName("S12 one zfs send brings both peers their first copy, and increments follow")
  void bothPeersAreSentOneStream() throws Exception {
    counted("");
    VolumeDocument volume = owner.create("fanout.both");
    Content.write(TestNode.folder(volume).resolve("file"), 8 * MEBIBYTE, 1);
    replicate(volume, Policy.USUAL_MAX_LAG);
    awaitCopy(volume, quick);
    awaitCopy(volume, other);
    assertEquals(1, firstCopies().size(), () -> "first copies: " + sends());

    Content.write(TestNode.folder(volume).resolve("more"), MEBIBYTE, 2);
    awaitCopy(volume, quick);
    awaitCopy(volume, other);
  }

  @Test
  @DisplayName("I03 a peer that dies in the midst harms no other one, and catches up")
  void aPeerThatDiesHarmsNoOther() throws Exception {
    Path go = owner.file("go");
    Path begun = owner.file("begun");
    counted(
        "zfs \"$@\" | { head -c 262144; touch '%s'; while [ ! -e '%s' ]; do sleep 0.1; done; cat; }; exit"
            .formatted(begun, go));
    VolumeDocument volume = owner.create("fanout.dies");
    Content.write(TestNode.folder(volume).resolve("file"), 8 * MEBIBYTE, 3);
    replicate(volume, Policy.USUAL_MAX_LAG);
    Await.until("the stream to be under way", () -> Files.exists(begun));

    other.daemon().kill();
    Files.createFile(go);

    awaitCopy(volume, quick);
    assertEquals(1, firstCopies().size(), () -> "first copies: " + sends());
    other.start();
    awaitCopy(volume, other);
  }

  @Test
  @DisplayName(
      "B14 a peer whose ZFS takes nothing holds up the other one no longer than is allowed")
  void aPeerThatHasStoppedIsLeftBehind() throws Exception {
    counted("");
    Path stopped = other.file("stopped");
    Path healed = other.file("healed");
    other.faults(
        "if [ \"$1\" = receive ]; then touch '%s'; while [ ! -e '%s' ]; do sleep 0.1; done; exit 1; fi"
            .formatted(stopped, healed));
    VolumeDocument volume = stopped(0);
    // Copies that begin one after the other share nothing, and hold up nobody.
    for (int again = 1; !isTooSlowTold() && again < MOST_TRIES; again++) {
      volume = stopped(again);
    }
    owner.awaitLogged(TransferFailure.TOO_SLOW_TO_SHARE.type());
    assertTrue(Files.exists(stopped));
    assertTrue(copy(volume, quick).lastError().isEmpty());

    other.heal();
    Files.createFile(healed); // The next try may have met the same ZFS, and would wait for an hour.
    awaitCopy(volume, other);
  }

  /** A volume that the quick peer has by now. */
  private VolumeDocument stopped(int number) throws Exception {
    Files.deleteIfExists(sends);
    VolumeDocument volume = owner.create("fanout.stopped" + number);
    Content.write(TestNode.folder(volume).resolve("file"), 32 * MEBIBYTE, 4);
    replicate(volume, Duration.ofSeconds(32)); // So each may hold up the other for 8 s.
    awaitCopy(volume, quick);
    return volume;
  }

  private boolean isTooSlowTold() throws IOException {
    return Files.readString(owner.log()).contains(TransferFailure.TOO_SLOW_TO_SHARE.type());
  }

  /** Has the owner write down each stream that it begins, and do that. */
  private void counted(String shell) throws IOException {
    owner.faults(
        "if [ \"$1\" = send ] && [ \"$2\" != -nvP ]; then echo \"$*\" >> '%s'; %s\nfi"
            .formatted(sends, shell));
  }

  /** Without the increments: who reads a folder changes its times of access, which are sent too. */
  private List<String> firstCopies() {
    return sends().stream().filter(send -> !send.contains(" -i ")).toList();
  }

  private List<String> sends() {
    try {
      return Files.readAllLines(sends);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void replicate(VolumeDocument volume, Duration maxLag) throws Exception {
    var _ =
        owner
            .client()
            .putReplication(
                volume.id(),
                new Policy(List.of(quick.id(), other.id()), maxLag, Policy.USUAL_MIN_INTERVAL));
  }

  /** Waits until the newest snapshot at the peer holds what the owner's folder holds now. */
  private void awaitCopy(VolumeDocument volume, TestNode peer) throws Exception {
    Content content = Content.of(TestNode.folder(volume));
    Await.until(
        "the snapshot at " + peer.id() + " to hold all",
        () -> {
          Optional<CopyStatus> copy = found(volume, peer);
          Optional<Arrival> last = copy.flatMap(CopyStatus::last);
          if (last.isEmpty() || copy.get().lagSeconds() > 0) {
            return false;
          }
          VolumeDocument there = peer.volume(volume.id());
          SnapshotDocument newest = there.latestSnapshot().orElseThrow();
          return newest.guid().equals(last.get().guid())
              && Zfs.content(peer.pool(), there.dataset() + "@" + newest.name()).equals(content);
        });
  }

  private CopyStatus copy(VolumeDocument volume, TestNode peer) throws Exception {
    return found(volume, peer).orElseThrow();
  }

  /** Empty until the owner has looked at its policies. */
  private Optional<CopyStatus> found(VolumeDocument volume, TestNode peer) throws Exception {
    return owner.client().copies().stream()
        .filter(copy -> copy.volume().equals(volume.id()) && copy.peer().equals(peer.id()))
        .findFirst();
  }
}
