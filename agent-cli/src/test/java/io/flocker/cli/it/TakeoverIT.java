package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.Credentials;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.http.api.ResolveRequest;
import io.flocker.http.api.SignedTakeover;
import io.flocker.http.api.TakeoverProposal;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.FlockerClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An operator takes a volume whose owner is gone, by what he signs. */
@Timeout(300)
class TakeoverIT {
  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  private static Credentials operator;

  @BeforeAll
  static void makeOperator() throws Exception {
    operator = NODES.cluster().user("operator", CertifiedPermission.values());
  }

  private static FlockerClient at(TestNode node) {
    return new FlockerClient(node.url(), operator.sslContext());
  }

  private static SignedTakeover sign(
      Credentials signer, TakeoverProposal proposal, NodeId... dead) {
    SignedGrant signed = SignedGrant.by(signer, Grant.parse(proposal.text()));
    return new SignedTakeover(
        proposal.text(), signed.signer().pem(), signed.signature(), List.of(dead));
  }

  @Test
  @DisplayName("A user whose certificate does not say so takes nothing, and is told how to get one")
  void whoMayNotIsToldHow() throws Exception {
    VolumeDocument volume = pushed("takeover.forbidden");
    FailureException refused =
        assertThrows(
            FailureException.class,
            () -> NODES.second().client().proposeTakeover(volume.id(), List.of()));
    assertEquals(RequestFailure.FORBIDDEN, refused.failure());
    assertEquals(
        "the certificate of user-tester does not have the permission takeover, and only a user's"
            + " can; whoever keeps the cluster's authority makes one: flocker-ca"
            + " create-api-certificate --may takeover tester",
        refused.detail());
  }

  @Test
  @DisplayName("Nothing is taken from an owner that answers: it can hand off")
  void anOwnerThatAnswersKeepsItsVolume() throws Exception {
    VolumeDocument volume = pushed("takeover.alive");
    try (FlockerClient second = at(NODES.second())) {
      assertRefused(
          OwnershipFailure.OWNER_ANSWERS,
          () -> second.proposeTakeover(volume.id(), List.of(NODES.first().id())));
      assertRefused(
          OwnershipFailure.NOT_SUPERSEDED, () -> second.proposeResolution(volume.id(), List.of()));
      assertRefused(
          OwnershipFailure.NOT_SUPERSEDED,
          () -> second.resolve(volume.id(), new ResolveRequest(NODES.first().id(), null)));
    }
    assertEquals(Role.REPLICA, NODES.second().volume(volume.id()).role());
  }

  @Test
  @DisplayName(
      "A volume whose owner is gone is taken by what an operator signs, and by nothing less")
  void aVolumeIsTakenFromAnOwnerThatIsGone() throws Exception {
    VolumeDocument volume = pushed("takeover.dead");
    VolumeId id = volume.id();
    NodeId dead = NODES.first().id();
    Files.writeString(TestNode.folder(volume).resolve("late"), "never sent");
    NODES.second().learn(NODES.first(), Takeover.MANUAL); // Who has to answer, or to be fenced.
    NODES.first().daemon().kill();
    try (FlockerClient second = at(NODES.second())) {
      FailureException unanswered =
          assertRefused(
              OwnershipFailure.PEERS_UNANSWERED, () -> second.proposeTakeover(id, List.of()));
      assertTrue(
          unanswered.detail().contains("node " + dead + " has not answered"), unanswered::detail);
      TakeoverProposal proposal = second.proposeTakeover(id, List.of(dead));
      assertEquals(
          TestNode.latest(NODES.second().volume(id)).guid(),
          proposal.lastSnapshot().orElseThrow().guid());

      for (Credentials nobody : List.of(NODES.user(), NODES.second().credentials())) {
        assertRefused(
            OwnershipFailure.NOT_GRANTED, () -> second.takeOver(id, sign(nobody, proposal, dead)));
      }
      assertRefused(
          OwnershipFailure.PEERS_UNANSWERED, () -> second.takeOver(id, sign(operator, proposal)));
      assertEquals(Role.REPLICA, NODES.second().volume(id).role());

      VolumeDocument taken = second.takeOver(id, sign(operator, proposal, dead));
      assertEquals(Role.OWNER, taken.role());
      assertEquals(1, taken.epoch());
      NODES
          .second()
          .awaitLogged(
              "flocker:volume:taken-over",
              id.toString(),
              "\"caller\":\"user-operator\"",
              "\"fenced\":[\"" + dead + "\"]",
              proposal.lastSnapshot().orElseThrow().guid().toString());
      assertEquals(1, second.takeOver(id, sign(operator, proposal, dead)).epoch());
      Grant grant = second.grants(id).orElseThrow().chain().grants().getLast().grant();
      assertEquals(proposal.text(), grant.text());
      Await.until(
          "its mount", () -> NODES.second().volume(id).mountState() == MountStatus.State.MOUNTED);
      Path folder = TestNode.folder(NODES.second().volume(id));
      assertEquals("sent", Files.readString(folder.resolve("early")));
      assertTrue(Files.notExists(folder.resolve("late")));
      Files.writeString(folder.resolve("new"), "written here");
    } finally {
      NODES.first().start();
    }
    Await.until("superseded", () -> NODES.first().volume(id).role() == Role.SUPERSEDED);
    Await.until("unmounted", () -> !NODES.first().volume(id).mounted());
    assertEquals(NODES.second().id(), NODES.first().volume(id).owner());
    assertEquals(Role.OWNER, NODES.second().volume(id).role());
  }

  private static VolumeDocument pushed(String name) throws Exception {
    VolumeDocument volume = NODES.first().create(name);
    Files.writeString(TestNode.folder(volume).resolve("early"), "sent");
    var _ = NODES.first().push(volume.id(), NODES.second());
    return NODES.first().volume(volume.id());
  }

  private interface Attempt {
    void run() throws Exception;
  }

  private static FailureException assertRefused(OwnershipFailure failure, Attempt attempt) {
    FailureException refused = assertThrows(FailureException.class, attempt::run);
    assertEquals(failure, refused.failure(), refused::detail);
    return refused;
  }
}
