package io.flocker.cli.join;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.cli.setup.NodeFiles;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.pki.OwnKey;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The messages between a machine that joins and the node that invites, each one JSON object in a
 * line.
 */
public final class JoinMessages {
  /** The version that is spoken. */
  static final int VERSION = 1;

  /** The use of the node's own key, as its proof names it. */
  static final String NODE = "node";

  /** The same for a node's own commands. */
  static final String LOCAL = "local";

  private JoinMessages() {}

  /** A public key, and a signature that proves possession of its private half; both base64. */
  record ProvenKey(String key, String proof) {
    ProvenKey {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(proof, "proof");
    }

    static ProvenKey of(OwnKey own, JoinToken token, String use) {
      byte[] proof = own.sign(token.proof(use, own.publicText()));
      return new ProvenKey(own.publicText(), Base64.getEncoder().encodeToString(proof));
    }
  }

  /**
   * The first message, of the machine that joins. What the node is to be called is not for it to
   * say. Another version may have other members, and is told that it is another one.
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Request(int version, String secret, ProvenKey node, ProvenKey local) {
    Request {
      if (version == VERSION) {
        Objects.requireNonNull(secret, "secret");
        Objects.requireNonNull(node, NODE);
        Objects.requireNonNull(local, LOCAL);
      }
    }
  }

  /**
   * The second, of the inviter: a refusal or a membership.
   *
   * @param refused why not
   */
  record Answer(Optional<String> refused, Optional<Membership> membership) {
    static Answer refusal(String why) {
      return new Answer(Optional.of(why), Optional.empty());
    }
  }

  /**
   * What makes a machine a node.
   *
   * @param cluster {@code cluster.crt}
   * @param revoked {@code cluster.crl}, if there is one
   * @param nodeCertificate {@code node.crt}
   * @param localCertificate {@code local.crt}
   * @param peers the other nodes
   */
  public record Membership(
      NodeId node,
      String cluster,
      Optional<String> revoked,
      String nodeCertificate,
      String localCertificate,
      List<Peer> peers) {
    /** The files of the node, with the keys that it has made itself. */
    public NodeFiles files(OwnKey nodeKey, OwnKey localKey) {
      return NodeFiles.of(
          node,
          cluster,
          revoked,
          new NodeFiles.Certified(nodeCertificate, nodeKey.pem()),
          new NodeFiles.Certified(localCertificate, localKey.pem()));
    }
  }

  /**
   * The third, of the machine that joins: what came of its start.
   *
   * @param port at which the new node listens; 0 where it failed
   * @param failed why it could not begin
   * @param placed whether the machine has the files of the node, so that it may run later
   */
  record Outcome(int port, Optional<String> failed, boolean placed) {}

  /**
   * The fourth, of the inviter, where the node has started.
   *
   * @param noted that the other nodes are told of it
   */
  record Receipt(boolean noted) {}
}
