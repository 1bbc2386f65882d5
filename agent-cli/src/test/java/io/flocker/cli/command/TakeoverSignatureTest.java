package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.id.Address;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerName;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCredentials;
import io.flocker.http.api.SignedTakeover;
import io.flocker.http.api.TakeoverProposal;
import io.flocker.http.api.VolumeDocument;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TakeoverSignatureTest {
  private static final VolumeId VOLUME = VolumeId.random();
  private static final NodeId NODE = NodeId.random();
  private static final NodeId OTHER = NodeId.random();
  private static final TakeoverProposal.Asked ASKED =
      new TakeoverProposal.Asked(OTHER, Optional.empty(), Optional.empty(), Optional.empty());

  private final Credentials operator = TestCredentials.operator();
  private final TakeoverSignature signature = new TakeoverSignature(operator);

  @Test
  void signsWhatWasAskedFor() throws Exception {
    SignedTakeover signed = signature.of(proposal(VOLUME, NODE), VOLUME, NODE, List.of());
    assertEquals(Optional.empty(), signed.signed().objection(operator.authority()));
  }

  @Test
  void signsNothingElse() {
    for (TakeoverProposal other :
        List.of(
            proposal(VolumeId.random(), NODE),
            proposal(VOLUME, NodeId.random()),
            with(proposal(VOLUME, NODE), "whatever"))) {
      FailureException refused =
          assertThrows(FailureException.class, () -> signature.of(other, VOLUME, NODE, List.of()));
      assertEquals(OwnershipFailure.NOT_GRANTED, refused.failure());
    }
  }

  @Test
  void saysWhereNoPolicyOfWhatWasTakenIsKnown() {
    String line =
        "no replication policy of it is known here: no copy follows until somebody says which, by"
            + " flocker volume replicate default.db";

    assertTrue(told("none").contains(line));
    assertFalse(told("volume").contains(line));
  }

  @Test
  void callsTheNodesThatWereAskedByTheirNames() {
    assertTrue(told("none").contains("node node-2 (" + OTHER + ") has no copy"));
  }

  private static List<String> told(String source) {
    VolumeDocument taken =
        JsonMappers.WIRE.readValue(
            """
            {"id": "%s", "name": "default.db", "owner": "%s", "role": "owner", "epoch": 5,
             "dataset": "p/d", "mounted": true, "usedBytes": 0, "referencedBytes": 0,
             "quotaBytes": 0, "snapshotCount": 0, "metadata": {}, "replication": "%s"}
            """
                .formatted(VOLUME, NODE, source),
            VolumeDocument.class);
    Peer asked =
        new Peer(
            OTHER,
            Optional.of(PeerName.parse("node-2")),
            List.of(Address.parse("10.0.0.2:4523")),
            Takeover.NEVER);
    return TakeoverSignature.told(proposal(VOLUME, NODE), taken, PeerNames.of(List.of(asked)));
  }

  private static TakeoverProposal proposal(VolumeId volume, NodeId to) {
    NodeId from = NodeId.random();
    UUID operation = UUID.randomUUID();
    Grant grant = new Grant(volume, 5, from, to, operation, new Guid(7), Instant.now());
    return new TakeoverProposal(
        grant.text(), 5, operation, from, to, Optional.empty(), List.of(ASKED));
  }

  private static TakeoverProposal with(TakeoverProposal proposal, String text) {
    return new TakeoverProposal(
        text,
        proposal.epoch(),
        proposal.operation(),
        proposal.from(),
        proposal.to(),
        proposal.lastSnapshot(),
        proposal.asked());
  }
}
