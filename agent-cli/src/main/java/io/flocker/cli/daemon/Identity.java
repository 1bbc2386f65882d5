package io.flocker.cli.daemon;

import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.config.TlsConfiguration;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.identity.Principal;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import io.flocker.core.pki.PeerCertificate;
import io.flocker.core.pki.RevocationList;
import io.flocker.core.state.DurableFile;
import io.flocker.http.tls.TlsContexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who this node is: the uuid of its file, and a certificate that says the same.
 *
 * @param folder where its certificates are
 * @param revoked the list of revoked certificates, where the settings name one
 * @param credentials what it proved that with at the start
 */
record Identity(NodeId node, Path folder, Optional<Path> revoked, Credentials credentials) {
  private static final List<String> FILES = List.of("cluster.crt", "node.crt", "node.key");

  /** Reads identity and certificate, and makes the state folder where it is missing. */
  static Identity of(NodeConfiguration configuration) throws StartException, IOException {
    Path folder = configuration.certificates();
    Optional<Path> revoked = configuration.tls().crl();
    Credentials credentials = credentials(folder, revoked);
    NodeId certified = certified(credentials, folder);
    NodeId node = NodeIdentity.load(configuration.identity(), certified).node();
    requireOf(node, credentials, configuration);
    makeFolder(configuration.state());
    return new Identity(node, folder, revoked, credentials);
  }

  /**
   * Whether a daemon of these settings can show who it is; nothing is changed.
   *
   * @return who it is, and for how long
   * @throws StartException why it cannot
   */
  static String check(NodeConfiguration configuration) throws StartException, IOException {
    Path file = configuration.identity();
    Path certificate = configuration.certificates().resolve(FILES.get(1));
    boolean isLost = Files.notExists(file);
    if (isLost && Files.notExists(certificate)) {
      throw new StartException(
          file
              + " is missing, which says which node this is: 'flocker init', 'flocker node join' or"
              + " 'flocker-ca bundle' makes all that a new node needs");
    }
    Credentials credentials = credentials(configuration.certificates(), configuration.tls().crl());
    NodeId certified = certified(credentials, configuration.certificates());
    NodeId node = isLost ? certified : NodeIdentity.existing(file).node();
    requireOf(node, credentials, configuration);
    Instant end = credentials.certificate().getNotAfter().toInstant();
    if (end.isBefore(Instant.now())) {
      throw new StartException(certificate + " ended at " + end + "; make a new one");
    }
    return "%s is that of %s until %s%s"
        .formatted(
            certificate,
            credentials.principal().name(),
            end,
            isLost ? "; " + file + " is missing, and is written at the start" : "");
  }

  private static NodeId certified(Credentials credentials, Path folder) throws StartException {
    if (credentials.principal() instanceof Principal.Node node) {
      return node.id();
    }
    throw new StartException(
        folder.resolve("node.crt")
            + " is the certificate of "
            + credentials.principal().name()
            + ", which is no node; 'flocker init', 'flocker node join' or 'flocker-ca bundle' makes"
            + " one of a node");
  }

  private static void requireOf(
      NodeId node, Credentials credentials, NodeConfiguration configuration) throws StartException {
    Path folder = configuration.certificates();
    if (!credentials.principal().equals(new Principal.Node(node))) {
      throw new StartException(
          folder.resolve("node.crt")
              + " is the certificate of "
              + credentials.principal().name()
              + ", but "
              + configuration.identity()
              + " says that this is node "
              + node
              + "; make one with flocker-ca create-node-certificate --identity "
              + configuration.identity()
              + ", or remove that file if the certificate is the right one");
    }
  }

  /** What the certificate files hold now. */
  Credentials read() throws StartException {
    return credentials(folder, revoked);
  }

  /** The files that {@link #read} reads. */
  List<Path> files() {
    Path list = revoked.orElseGet(() -> folder.resolve(RevocationList.FILE_NAME));
    return Stream.concat(FILES.stream().map(folder::resolve), Stream.of(list)).toList();
  }

  /** Where this node is reached: for all addresses of the machine the first host that TLS knows. */
  Address address(Address advertised) {
    return advertised.isWildcard()
        ? new Address(
            new PeerCertificate(credentials.certificate())
                .hosts().stream().findFirst().orElseGet(() -> credentials.principal().name()),
            advertised.port())
        : advertised;
  }

  TlsContexts tls(TlsConfiguration configuration) throws StartException {
    try {
      return TlsContexts.of(Translation.tls(configuration), credentials);
    } catch (GeneralSecurityException | UnsatisfiedLinkError e) {
      throw new StartException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static Credentials credentials(Path folder, Optional<Path> revoked)
      throws StartException {
    try {
      return Credentials.load(
          folder.resolve(FILES.get(0)),
          revoked,
          folder.resolve(FILES.get(1)),
          folder.resolve(FILES.get(2)));
    } catch (CredentialsException e) {
      throw new StartException(e.detail(), e);
    }
  }

  private static void makeFolder(Path folder) throws StartException {
    try {
      DurableFile.createFolder(folder);
    } catch (IOException e) {
      throw new StartException(
          "the state folder " + folder + " cannot be made: " + DurableFile.reason(e), e);
    }
  }
}
