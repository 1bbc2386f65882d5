package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Address;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.Credentials;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.ConfirmationDocument;
import io.flocker.http.api.NewVolume;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.api.SignedTakeover;
import io.flocker.http.api.TakeoverProposal;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.FlockerClient;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two nodes own one volume, through nobody's lie: a disk went back in time, or one id was created
 * twice. As soon as they can talk one of them writes at most, no file is lost, and the operator
 * reads why.
 */
@Timeout(300)
class RestoredDiskIT {
  /** Of the node that is to find nobody; the other one finds it, however busy the machine is. */
  private static final String WAIT = "ownership: { confirm-wait: 1s }";

  @RegisterExtension
  static final TwoNodes NODES = new TwoNodes(NodeSetup.usual().with(WAIT), NodeSetup.usual());

  @Test
  @DisplayName("A node put back to before a handoff asks before it mounts, and keeps its old copy")
  void aRestoredNodeIsSuperseded() throws Exception {
    VolumeDocument volume = handedOffBehindTheFirstNodesBack("restored.asks");

    NODES.first().start();

    Await.until("superseded", () -> role(NODES.first(), volume.id()) == Role.SUPERSEDED);
    assertPutOut(NODES.first(), volume);
    NODES.first().awaitLogged("flocker:volume:superseded", volume.id().toString());
    Moves.requireOwner(NODES.second(), volume, 1);
    NODES.first().crashAndStart();
    assertPutOut(NODES.first(), volume);
    FailureException refused =
        NODES
            .second()
            .fail(
                OwnershipFailure.SUPERSEDED,
                NODES.second().client().push(volume.id(), NODES.first().id()));
    assertEquals(
        "node %s keeps a copy of volume %s that node %s has superseded, at epoch 1"
            .formatted(NODES.first().id(), volume.id(), NODES.second().id()),
        refused.detail());
  }

  @Test
  @DisplayName(
      "A restored node that cannot ask writes until the later owner can be heard, then never")
  void aRestoredNodeIsFencedAsSoonAsTheLaterOwnerComes() throws Exception {
    VolumeDocument volume = handedOffBehindTheFirstNodesBack("restored.alone");
    NODES.second().stop();

    NODES.first().start();
    Await.until("mounted unconfirmed", () -> NODES.first().volume(volume.id()).mounted());
    Moves.requireOwner(NODES.first(), volume, 0);
    ConfirmationDocument waited = NODES.first().volume(volume.id()).confirmed().getFirst();
    assertEquals(NODES.second().id(), waited.peer());
    assertTrue(waited.since().isPresent(), waited::toString);
    assertTrue(
        reason(NODES.first(), volume.id()).startsWith("it is mounted unconfirmed"),
        () -> waited.toString());
    NODES.first().awaitLogged("flocker:volume:unconfirmed", volume.id().toString());
    Files.writeString(Moves.mountpoint(NODES.first(), volume).resolve("diverged"), "kept");

    NODES.second().start();

    Await.until("superseded", () -> role(NODES.first(), volume.id()) == Role.SUPERSEDED);
    assertPutOut(NODES.first(), volume);
    NODES.first().awaitLogged("flocker:volume:fenced", volume.id().toString());
    Await.until("mounted there", () -> NODES.second().volume(volume.id()).mounted());
    Moves.requireOwner(NODES.second(), volume, 1);
    Await.until(
        "confirmed",
        () ->
            NODES.second().volume(volume.id()).confirmed().stream()
                .anyMatch(one -> one.peer().equals(NODES.first().id()) && one.at().isPresent()));
    NODES.second().awaitLogged("flocker:volume:confirmed", volume.id().toString());
  }

  @Test
  @DisplayName(
      "A process that writes the old copy is named, and keeps the owner's from being mounted")
  void whoWritesTheOldCopyIsNamed() throws Exception {
    VolumeDocument volume = handedOffBehindTheFirstNodesBack("restored.busy");
    String there = NODES.second().volume(volume.id()).dataset();
    NODES.second().stop();
    var _ = Zfs.run("unmount", there); // As after a boot.
    NODES.first().start();
    Await.until("mounted unconfirmed", () -> NODES.first().volume(volume.id()).mounted());
    try (VolumeUser user = VolumeUser.writer(Moves.mountpoint(NODES.first(), volume))) {
      NODES.second().start();
      Await.until("superseded", () -> role(NODES.first(), volume.id()) == Role.SUPERSEDED);
      Await.until("named", () -> reason(NODES.first(), volume.id()).contains("pid " + user.pid()));
      assertFalse(NODES.second().volume(volume.id()).mounted());
      NODES
          .first()
          .awaitLogged(
              "flocker:volume:still-used", volume.id().toString(), "pid " + user.pid() + ",");
      var _ = user.finish();
    }
    Await.until("taken away", () -> !NODES.first().volume(volume.id()).mounted());
    Await.until("mounted there", () -> NODES.second().volume(volume.id()).mounted());
    assertPutOut(NODES.first(), volume);
  }

  @Test
  @DisplayName("One id that was created on two nodes cut from each other is written by nobody")
  void oneIdCreatedTwiceIsContested() throws Exception {
    VolumeId id = VolumeId.random();
    cut();
    VolumeDocument first =
        NODES.first().client().createVolume(new NewVolume(name("twice.a"), id, null));
    VolumeDocument second =
        NODES.second().client().createVolume(new NewVolume(name("twice.b"), id, null));
    Files.writeString(TestNode.folder(first).resolve("a"), "a");
    Files.writeString(TestNode.folder(second).resolve("b"), "b");

    NODES.first().learn(NODES.second());
    NODES.second().learn(NODES.first());

    for (TestNode node : List.of(NODES.first(), NODES.second())) {
      Await.until("contested", () -> role(node, id) == Role.CONTESTED);
      Await.until("unmounted", () -> !node.volume(id).mounted());
      assertEquals(OwnershipState.CONTESTED, Moves.record(node, id).state());
      FailureException refused =
          assertThrows(FailureException.class, () -> node.client().takeSnapshot(id));
      assertEquals(OwnershipFailure.CONTESTED, refused.failure());
      assertEquals("more than one node claims volume " + id, refused.detail());
      node.awaitLogged("flocker:volume:contested", id.toString());
    }
    NODES.first().crashAndStart();
    assertEquals(Role.CONTESTED, role(NODES.first(), id));
    assertFalse(NODES.first().volume(id).mounted());
  }

  @Test
  @DisplayName("An id that another node knows is not given to a new volume")
  void aKnownIdIsRefused() throws Exception {
    VolumeDocument volume = NODES.second().create("known.there");
    FailureException refused =
        assertThrows(
            FailureException.class,
            () ->
                NODES
                    .first()
                    .client()
                    .createVolume(new NewVolume(name("known.here"), volume.id(), null)));
    assertEquals(OwnershipFailure.VOLUME_EXISTS, refused.failure());
    assertEquals(
        "node %s knows volume %s already".formatted(NODES.second().id(), volume.id()),
        refused.detail());
  }

  @Test
  @DisplayName(
      "A node whose pool went back to before it took a volume says so, until it is decided")
  void theTakersPoolWentBack() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "restored.taker");
    var _ = NODES.first().push(volume.id(), NODES.second());
    NODES.second().stop();
    NodeBackup backup = NodeBackup.of(NODES.second());
    NODES.second().start();
    Content given = Moves.content(NODES.first(), volume);
    NODES.first().handOff(volume.id(), NODES.second());
    NODES.second().stop();
    backup.restore(EnumSet.of(NodeBackup.Part.POOL));

    NODES.second().start();

    String way =
        "node %s owned it at epoch 1, and its pool went back since to a copy of epoch 0"
            .formatted(NODES.second().id());
    NODES.second().awaitLogged("flocker:volume:reverted", volume.id().toString(), way);
    assertTrue(reason(NODES.second(), volume.id()).contains(way));
    assertTrue(isWarned(volume.id(), way));
    assertEquals(Role.REPLICA, role(NODES.first(), volume.id()));

    takeOver(NODES.first(), volume.id());

    Await.until("mounted", () -> NODES.first().volume(volume.id()).mounted());
    Moves.requireOwner(NODES.first(), volume, 2);
    assertEquals(given, Moves.content(NODES.first(), volume));
    Await.until("said no more", () -> !isWarned(volume.id(), ""));
    assertEquals("", reason(NODES.second(), volume.id()));
    NODES.second().crashAndStart();
    assertFalse(isWarned(volume.id(), ""));
  }

  /** As {@code flocker volume takeover} does it. */
  private static void takeOver(TestNode node, VolumeId id) throws Exception {
    Credentials operator = NODES.cluster().user("operator", CertifiedPermission.values());
    try (FlockerClient client = new FlockerClient(node.url(), operator.sslContext())) {
      TakeoverProposal proposal = client.proposeTakeover(id, List.of());
      SignedGrant signed = SignedGrant.by(operator, Grant.parse(proposal.text()));
      var _ =
          client.takeOver(
              id,
              new SignedTakeover(
                  proposal.text(), signed.signer().pem(), signed.signature(), List.of()));
    }
  }

  private static boolean isWarned(VolumeId id, String words) throws Exception {
    return NODES.second().client().node().warnings().stream()
        .map(NodeDocument.Warning::detail)
        .anyMatch(detail -> detail.contains(id.toString()) && detail.contains(words));
  }

  /** The first node, which does not run, has the disks of the day before. */
  private static VolumeDocument handedOffBehindTheFirstNodesBack(String name) throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), name);
    var _ = NODES.first().push(volume.id(), NODES.second());
    NODES.first().stop();
    NodeBackup backup = NodeBackup.of(NODES.first());
    NODES.first().start();
    Await.until("mounted", () -> NODES.first().volume(volume.id()).mounted());
    NODES.first().handOff(volume.id(), NODES.second());
    Files.writeString(Moves.mountpoint(NODES.second(), volume).resolve("later"), "later");
    NODES.first().stop();
    backup.restore(EnumSet.allOf(NodeBackup.Part.class));
    return volume;
  }

  private static void assertPutOut(TestNode node, VolumeDocument volume) throws Exception {
    Await.until("unmounted", () -> !node.volume(volume.id()).mounted());
    VolumeDocument now = node.volume(volume.id());
    assertEquals(Role.SUPERSEDED, now.role());
    assertEquals(NODES.second().id(), now.owner());
    assertEquals(1, now.epoch());
    assertEquals("on", Zfs.property(now.dataset(), "readonly"));
    assertEquals(OwnershipState.SUPERSEDED, Moves.record(node, volume.id()).state());
    FailureException refused =
        assertThrows(FailureException.class, () -> node.client().takeSnapshot(volume.id()));
    assertEquals(OwnershipFailure.SUPERSEDED, refused.failure());
    assertEquals(
        "node %s owns volume %s since epoch 1, and the copy of node %s is kept as it was"
            .formatted(NODES.second().id(), volume.id(), node.id()),
        refused.detail());
  }

  private static void cut() throws Exception {
    List<Address> nowhere = List.of(Address.parse("127.0.0.1:" + TestNode.freePort()));
    for (TestNode node : List.of(NODES.first(), NODES.second())) {
      TestNode other = node == NODES.first() ? NODES.second() : NODES.first();
      var _ = node.client().putPeer(new Peer(other.id(), nowhere, Takeover.NEVER));
    }
  }

  private static VolumeName name(String text) {
    return VolumeName.parse(text);
  }

  private static Role role(TestNode node, VolumeId id) throws Exception {
    return node.volume(id).role();
  }

  private static String reason(TestNode node, VolumeId id) throws Exception {
    Optional<String> reason = node.volume(id).mountReason();
    return reason.orElse("");
  }
}
