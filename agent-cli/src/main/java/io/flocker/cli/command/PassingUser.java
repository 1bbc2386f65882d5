package io.flocker.cli.command;

import io.flocker.cli.join.CaProgram;
import io.flocker.cli.join.JoinException;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Address;
import io.flocker.core.peer.Peer;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.ListeningNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * A user of the API whom the authority certifies for one piece of work: the certificate of a node's
 * own commands counts on that node alone. Its key is deleted when it is closed. One thread.
 */
final class PassingUser implements AutoCloseable {
  private static final String NAME = "invitation";

  private final Path folder;
  private final SSLContext tls;

  private PassingUser(Path folder, SSLContext tls) {
    this.folder = folder;
    this.tls = tls;
  }

  /**
   * One of that authority.
   *
   * @param authority the folder of {@code cluster.crt} and {@code cluster.key}
   */
  static PassingUser of(CaProgram program, Path authority)
      throws JoinException, InterruptedException, CredentialsException, IOException {
    Path folder = Files.createTempDirectory("flocker-invitation"); // For its owner alone.
    try {
      String _ =
          program.run(
              List.of(
                  "create-api-certificate",
                  "--inputpath=" + authority,
                  "--outputpath=" + folder,
                  "--validity-days=1",
                  NAME));
      CredentialFiles files = CredentialFiles.in(folder, NAME);
      Credentials user =
          Credentials.load(authority.resolve("cluster.crt"), files.certificate(), files.key());
      return new PassingUser(folder, user.sslContext());
    } catch (JoinException | InterruptedException | CredentialsException e) {
      delete(folder);
      throw e;
    }
  }

  /** Tells a node of a new peer; false if it cannot be reached, or refuses. */
  boolean tells(Peer told, Peer added) throws InterruptedException {
    for (Address address : told.addresses()) {
      try (FlockerClient node = new FlockerClient(address.url(), tls)) {
        if (ListeningNode.at(address, tls).equals(told.node())) {
          var _ = node.putPeer(added);
          return true;
        }
      } catch (IOException | FailureException _) {
        // It may be reached at another address.
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    delete(folder);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
