package io.flocker.cli.command;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.Credentials;
import io.flocker.core.replicate.policy.PolicySource;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.SignedTakeover;
import io.flocker.http.api.TakeoverProposal;
import io.flocker.http.api.VolumeDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Signs with the caller's own key what a node proposes, if it is what he has asked for: a node says
 * what is signed, and might be lied to, or lie.
 *
 * @param credentials the caller's
 */
record TakeoverSignature(Credentials credentials) {
  /**
   * The proposal, signed.
   *
   * @throws FailureException {@code NOT_GRANTED} if it is about another volume, or another node
   */
  SignedTakeover of(TakeoverProposal proposal, VolumeId volume, NodeId node, List<NodeId> fenced)
      throws FailureException {
    SignedGrant signed = SignedGrant.by(credentials, meant(proposal, volume, node));
    return new SignedTakeover(proposal.text(), signed.signer().pem(), signed.signature(), fenced);
  }

  private static Grant meant(TakeoverProposal proposal, VolumeId volume, NodeId node)
      throws FailureException {
    try {
      Grant grant = Grant.parse(proposal.text());
      if (grant.lineage().equals(volume) && grant.to().equals(node)) {
        return grant;
      }
    } catch (IllegalArgumentException _) {
      // Something else that it wants to have signed.
    }
    throw OwnershipFailure.NOT_GRANTED.because(
        "node "
            + node
            + " proposes to sign something else than was asked for:\n"
            + proposal.text());
  }

  /** What is about to be done, and what it may cost. */
  static String question(TakeoverProposal proposal, VolumeName name) {
    return "Node %s becomes the owner of %s, at epoch %d: %s."
        .formatted(proposal.to(), name, proposal.epoch(), loss(proposal));
  }

  /** What was done, and what it may have cost. */
  static List<String> told(TakeoverProposal proposal, VolumeDocument taken, PeerNames names) {
    String name = taken.name().toString();
    List<String> lines = new ArrayList<>();
    lines.add(
        "node %s owns %s since epoch %d, by operation %s"
            .formatted(proposal.to(), name, proposal.epoch(), proposal.operation()));
    lines.add(loss(proposal));
    if (taken.replication().equals(Optional.of(PolicySource.NONE))) {
      lines.add(
          "no replication policy of it is known here: no copy follows until somebody says which,"
              + " by flocker volume replicate "
              + name);
    }
    for (TakeoverProposal.Asked asked : proposal.asked()) {
      lines.add(
          "node %s %s"
              .formatted(
                  names.whole(asked.node()),
                  asked
                      .silence()
                      .map(why -> "has not answered: " + why)
                      .orElseGet(() ->
                          asked
                              .role()
                              .map(role -> "has said that it is " + role)
                              .orElse("has no copy"))));
    }
    return lines;
  }

  private static String loss(TakeoverProposal proposal) {
    return proposal
        .lastSnapshot()
        .map(snapshot ->
            "what was written elsewhere after snapshot %s of %s is not in it"
                .formatted(snapshot.name(), snapshot.created()))
        .orElse("this copy has no snapshot: what was written elsewhere is not in it");
  }
}
