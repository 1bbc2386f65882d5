package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.Credentials;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.NewClone;
import io.flocker.http.api.NewVolume;
import io.flocker.http.api.ResolveRequest;
import io.flocker.http.api.SignedTakeover;
import io.flocker.http.api.TakeoverProposal;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.FlockerClient;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two nodes own one volume, each with proof, and an operator chooses: one of them, or the other.
 */
@Timeout(300)
class ResolveIT {
  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  private static Credentials operator;

  @BeforeAll
  static void makeOperator() throws Exception {
    operator = NODES.cluster().user("operator", CertifiedPermission.values());
  }

  @Test
  @DisplayName("A contested volume is ended in favour of the node that created it first")
  void theFirstIsKept() throws Exception {
    assertEnded(NODES.first(), NODES.second(), "contest.one");
  }

  @Test
  @DisplayName("A contested volume is ended in favour of the other node")
  void theSecondIsKept() throws Exception {
    assertEnded(NODES.second(), NODES.first(), "contest.other");
  }

  private static void assertEnded(TestNode kept, TestNode left, String name) throws Exception {
    VolumeId id = contested(name);
    try (FlockerClient there = at(kept);
        FlockerClient elsewhere = at(left)) {
      assertRefused(
          OwnershipFailure.NOT_SUPERSEDED,
          () -> elsewhere.resolve(id, new ResolveRequest(kept.id(), null)));
      assertEquals(Role.CONTESTED, left.volume(id).role());

      TakeoverProposal proposal = there.proposeResolution(id, List.of());
      VolumeDocument owned = there.resolve(id, new ResolveRequest(kept.id(), sign(proposal)));
      assertEquals(Role.OWNER, owned.role());
      assertEquals(1, owned.epoch());
      Await.until("mounted", () -> kept.volume(id).mounted());
      assertEquals(
          kept.id().toString(), Files.readString(Moves.mountpoint(kept, owned).resolve("who")));
      assertEquals(Role.SUPERSEDED, left.volume(id).role());

      VolumeDocument aside = elsewhere.resolve(id, new ResolveRequest(kept.id(), null));
      assertTrue(aside.name().toString().startsWith(name + ".superseded-"), aside::toString);
      assertEquals(Role.SUPERSEDED, aside.role());
      left.awaitLogged("flocker:volume:set-aside", id.toString(), kept.id().toString());
      VolumeDocument clone =
          elsewhere.cloneVolume(
              aside.id(), new NewClone(VolumeName.parse(name + ".look"), null, null, null));
      assertEquals(left.id().toString(), Files.readString(TestNode.folder(clone).resolve("who")));
      left.crashAndStart();
      assertEquals(Role.SUPERSEDED, left.volume(aside.id()).role(), "nobody adopts it");
      elsewhere.destroyVolume(clone.id());
      elsewhere.destroyReplica(aside.id());
      var _ = kept.push(id, left);
      assertEquals(Role.REPLICA, left.volume(id).role());
    }
  }

  /** Created on two nodes that are cut from each other. */
  private static VolumeId contested(String name) throws Exception {
    VolumeId id = VolumeId.random();
    List<TestNode> both = List.of(NODES.first(), NODES.second());
    List<Address> nowhere = List.of(Address.parse("127.0.0.1:" + TestNode.freePort()));
    for (TestNode node : both) {
      TestNode other = node == NODES.first() ? NODES.second() : NODES.first();
      var _ = node.client().putPeer(new Peer(other.id(), nowhere, Takeover.NEVER));
    }
    for (TestNode node : both) {
      VolumeDocument made =
          node.client().createVolume(new NewVolume(VolumeName.parse(name), id, null));
      Files.writeString(TestNode.folder(made).resolve("who"), node.id().toString());
    }
    NODES.first().learn(NODES.second());
    NODES.second().learn(NODES.first());
    for (TestNode node : both) {
      Await.until("contested", () -> node.volume(id).role() == Role.CONTESTED);
      Await.until("unmounted", () -> !node.volume(id).mounted());
    }
    return id;
  }

  private static FlockerClient at(TestNode node) {
    return new FlockerClient(node.url(), operator.sslContext());
  }

  private static SignedTakeover sign(TakeoverProposal proposal, NodeId... dead) {
    SignedGrant signed = SignedGrant.by(operator, Grant.parse(proposal.text()));
    return new SignedTakeover(
        proposal.text(), signed.signer().pem(), signed.signature(), List.of(dead));
  }

  private interface Attempt {
    void run() throws Exception;
  }

  private static void assertRefused(OwnershipFailure failure, Attempt attempt) {
    FailureException refused = assertThrows(FailureException.class, attempt::run);
    assertEquals(failure, refused.failure(), refused::detail);
  }
}
