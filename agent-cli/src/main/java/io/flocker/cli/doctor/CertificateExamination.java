package io.flocker.cli.doctor;

import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.identity.Principal;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import io.flocker.core.pki.PeerCertificate;
import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The certificates of the node and of its own commands: whether they can be used, for how long, and
 * whether they name this node and this machine.
 *
 * @param folder where they are
 * @param identity the file that says which node this is
 */
record CertificateExamination(Path folder, Path identity) implements Examination {
  private static final String CHECK = "certificates";

  /** A month is time to renew, also for who looks once a week. */
  private static final Duration SOON = Duration.ofDays(30);

  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  @Override
  public List<Finding> findings() {
    if (Files.notExists(identity)) {
      return withoutIdentity();
    }
    try {
      NodeId node = NodeIdentity.existing(identity).node();
      List<Finding> findings = new ArrayList<>();
      findings.addAll(holder("node", new Principal.Node(node)));
      findings.addAll(
          Files.exists(folder.resolve("local.crt"))
              ? holder("local", new Principal.Local(node))
              : withoutLocal());
      return findings;
    } catch (IOException e) {
      return List.of(new Finding(CHECK, Verdict.FAILURE, String.valueOf(e.getMessage())));
    }
  }

  /** The next start takes the certificate's word. */
  private List<Finding> withoutIdentity() {
    if (Files.notExists(folder.resolve("node.crt"))) {
      return List.of(
          new Finding(
              CHECK,
              Verdict.FAILURE,
              "%s is missing, which says which node this is: 'flocker init', 'flocker node join' or 'flocker-ca bundle' makes all that a new node needs."
                  .formatted(identity)));
    }
    return List.of(
        new Finding(
            CHECK,
            Verdict.WARNING,
            "%s is missing, which says which node this is: the next start of flockerd writes it, as %s says."
                .formatted(identity, folder.resolve("node.crt"))));
  }

  /** The daemon needs none. */
  private List<Finding> withoutLocal() {
    return List.of(
        new Finding(
            CHECK,
            Verdict.OK,
            "There is no %s: commands on this node need a user's certificate."
                .formatted(folder.resolve("local.crt"))));
  }

  private List<Finding> holder(String name, Principal rightful) {
    Path certificate = folder.resolve(name + ".crt");
    Path key = folder.resolve(name + ".key");
    try {
      Credentials read = Credentials.load(folder.resolve("cluster.crt"), certificate, key);
      if (!read.principal().equals(rightful)) {
        return List.of(
            new Finding(
                CHECK,
                Verdict.FAILURE,
                "%s is that of %s, but %s says that this is %s: one of both is another node's."
                    .formatted(certificate, read.principal().name(), identity, rightful.name())));
      }
      List<Finding> findings = new ArrayList<>();
      findings.add(life(certificate, read.certificate().getNotAfter().toInstant(), Instant.now()));
      findings.addAll(privacy(key));
      if (rightful instanceof Principal.Node) {
        findings.addAll(hosts(certificate, new PeerCertificate(read.certificate()).hosts()));
      }
      return findings;
    } catch (CredentialsException e) {
      return List.of(new Finding(CHECK, Verdict.FAILURE, e.detail()));
    }
  }

  static Finding life(Path certificate, Instant end, Instant now) {
    return now.plus(SOON).isBefore(end)
        ? new Finding(CHECK, Verdict.OK, "%s holds until %s.".formatted(certificate, end))
        : new Finding(
            CHECK,
            Verdict.WARNING,
            "%s ends at %s: put a new one in its place; a running daemon takes it up."
                .formatted(certificate, end));
  }

  private static List<Finding> privacy(Path key) {
    try {
      boolean isReadable =
          Files.getPosixFilePermissions(key).stream().anyMatch(OF_OTHERS::contains);
      return isReadable
          ? List.of(
              new Finding(
                  CHECK,
                  Verdict.WARNING,
                  "Others than its owner may read %1$s: chmod 600 %1$s.".formatted(key)))
          : List.of();
    } catch (IOException e) {
      return List.of(
          new Finding(
              CHECK,
              Verdict.WARNING,
              "%s cannot be looked at: %s.".formatted(key, DurableFile.reason(e))));
    }
  }

  static List<Finding> hosts(Path certificate, List<String> hosts) {
    if (hosts.isEmpty()) {
      return List.of(
          new Finding(
              CHECK,
              Verdict.WARNING,
              "%s names no host: who asks this node by a name or an address does not trust it. Make one with --host."
                  .formatted(certificate)));
    }
    return hosts.stream().flatMap(host -> host(certificate, host).stream()).toList();
  }

  private static List<Finding> host(Path certificate, String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        // A host's own name is 127.0.1.1 in the /etc/hosts of Debian, which no interface has.
        if (address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null) {
          return List.of();
        }
      }
      return List.of(
          new Finding(
              CHECK,
              Verdict.WARNING,
              "%s of %s leads to another machine; right only behind an address translation."
                  .formatted(host, certificate)));
    } catch (UnknownHostException _) {
      return List.of(
          new Finding(
              CHECK,
              Verdict.WARNING,
              "No address is known for %s of %s: correct the DNS, or /etc/hosts."
                  .formatted(host, certificate)));
    } catch (IOException e) {
      return List.of(
          new Finding(CHECK, Verdict.WARNING, "The interfaces cannot be read: " + e.getMessage()));
    }
  }
}
