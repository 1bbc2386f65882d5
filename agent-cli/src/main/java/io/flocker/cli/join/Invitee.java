package io.flocker.cli.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.cli.join.JoinMessages.Membership;
import io.flocker.core.id.NodeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.ForeignKey;
import io.flocker.core.pki.RevocationList;
import io.flocker.core.pki.SignerCertificate;
import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The node that an invitation is for, decided before anybody comes. Any thread.
 *
 * @param authority certifies the node
 * @param folder where {@code cluster.crt} is, and {@code cluster.crl} if there is one; what is
 *     issued is kept below it
 * @param node the uuid that the node gets
 * @param hosts at which others reach it
 * @param peers the other nodes
 */
public record Invitee(
    CertificateAuthority authority,
    Path folder,
    NodeId node,
    List<String> hosts,
    List<Peer> peers) {
  /** Where certificates are kept that somebody may want to take back. */
  private static final String ISSUED = "issued";

  /** Commands on a node ask it there, unless its settings have it listen elsewhere. */
  private static final List<String> ITSELF = List.of("localhost", "127.0.0.1", "::1");

  /** Checks the hosts: nobody is let in only to learn that they are wrong. */
  public Invitee {
    // Made in vain: it refuses hosts that a certificate cannot have.
    var _ = authority.issueNode(node, hosts);
  }

  /** The hosts of a node's certificate: those at which it reaches itself, too. */
  public static List<String> certified(List<String> hosts) {
    return Stream.concat(hosts.stream(), ITSELF.stream()).distinct().toList();
  }

  /** What the node is given, with the certificates that are to be revoked if it does not start. */
  record Issued(Membership membership, SignerCertificate node, SignerCertificate local) {}

  Issued issue(ForeignKey nodeKey, ForeignKey localKey) throws IOException {
    String cluster = Files.readString(folder.resolve("cluster.crt"));
    Path list = folder.resolve(RevocationList.FILE_NAME);
    Optional<String> revoked =
        Files.exists(list) ? Optional.of(Files.readString(list, UTF_8)) : Optional.empty();
    SignerCertificate certificate = authority.certifyNode(node, certified(hosts), nodeKey);
    SignerCertificate local = authority.certifyLocal(node, localKey);
    keep("node", certificate);
    keep("local", local);
    return new Issued(
        new Membership(node, cluster, revoked, certificate.pem(), local.pem(), peers),
        certificate,
        local);
  }

  private void keep(String use, SignerCertificate issued) throws IOException {
    Path kept = folder.resolve(ISSUED);
    DurableFile.createFolder(kept);
    DurableFile.create(kept.resolve(node + "-" + use + ".crt"), issued.pem().getBytes(UTF_8));
  }
}
