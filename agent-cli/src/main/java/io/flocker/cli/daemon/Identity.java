package io.flocker.cli.daemon;

import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.config.TlsConfiguration;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.identity.Principal;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import io.flocker.core.state.DurableFile;
import io.flocker.http.tls.TlsContexts;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/**
 * Who this node is: the uuid of its file, and a certificate that says the same.
 *
 * @param credentials what it proves that with
 */
record Identity(NodeId node, Credentials credentials) {
  /** Reads identity and certificate, and makes the state folder where it is missing. */
  static Identity of(NodeConfiguration configuration) throws StartException, IOException {
    NodeId node = NodeIdentity.load(configuration.identity()).node();
    Credentials credentials = credentials(configuration.certificates());
    if (!credentials.principal().equals(new Principal.Node(node))) {
      throw new StartException(
          configuration.certificates().resolve("node.crt")
              + " is the certificate of "
              + credentials.principal().name()
              + ", but "
              + configuration.identity()
              + " says that this is node "
              + node
              + "; make one with flocker-ca create-node-certificate --identity "
              + configuration.identity());
    }
    makeFolder(configuration.state());
    return new Identity(node, credentials);
  }

  TlsContexts tls(TlsConfiguration configuration) throws StartException {
    try {
      return TlsContexts.of(Translation.tls(configuration), credentials);
    } catch (GeneralSecurityException | UnsatisfiedLinkError e) {
      throw new StartException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static Credentials credentials(Path folder) throws StartException {
    try {
      return Credentials.load(
          folder.resolve("cluster.crt"), folder.resolve("node.crt"), folder.resolve("node.key"));
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
