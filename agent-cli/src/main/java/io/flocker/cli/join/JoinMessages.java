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

/** What is said between who joins and who has invited, a JSON object in a line each. */
public final class JoinMessages {
  /** The version that is spoken. */
  static final int VERSION = 1;

  /** What a key is for, in its proof. */
  static final String NODE = "node";

  /** The same for a node's own commands. */
  static final String LOCAL = "local";

  private JoinMessages() {}

  /** A public key, and a signature by which its other half is shown to be there; both base64. */
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
   * First: who joins. Nothing in it says what the node is to be called; in another version there
   * may be more or less, and that one is told so.
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
   * Second: who has invited. One of both is there.
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
   * Third: who joins.
   *
   * @param port at which the new node listens; 0 where it failed
   * @param failed why it could not begin
   * @param placed whether the machine has the files of the node, so that it may run later
   */
  record Outcome(int port, Optional<String> failed, boolean placed) {}

  /**
   * Fourth: who has invited, where the node could begin.
   *
   * @param noted that the other nodes are told of it
   */
  record Receipt(boolean noted) {}
}
