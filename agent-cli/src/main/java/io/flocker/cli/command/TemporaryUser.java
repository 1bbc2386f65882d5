package io.flocker.cli.command;

import io.flocker.cli.setup.CaProgram;
import io.flocker.cli.setup.Leftovers;
import io.flocker.cli.setup.SetupException;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Address;
import io.flocker.core.peer.Peer;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import io.flocker.core.state.DurableFile;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.ListeningNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * A user of the API whom the authority certifies for one piece of work: the certificate of a node's
 * own commands counts on that node alone. Its key is in memory alone. One thread.
 */
final class TemporaryUser {
  private static final String NAME = "invitation";

  private final SSLContext tls;

  private TemporaryUser(SSLContext tls) {
    this.tls = tls;
  }

  /**
   * One of that authority.
   *
   * @param authority the folder of {@code cluster.crt} and {@code cluster.key}
   * @throws SetupException if the authority does not certify it, or its files cannot pass
   */
  static TemporaryUser of(CaProgram program, Path authority)
      throws SetupException, CredentialsException {
    try {
      Path folder = Files.createTempDirectory("flocker-invitation"); // For its owner alone.
      try {
        return new TemporaryUser(certified(program, authority, folder).sslContext());
      } finally {
        Leftovers.delete(folder);
      }
    } catch (IOException e) {
      throw new SetupException(
          "a passing key cannot be kept: %s (%s)".formatted(DurableFile.reason(e), e.getMessage()),
          e);
    }
  }

  private static Credentials certified(CaProgram program, Path authority, Path folder)
      throws SetupException, CredentialsException {
    program.run(
        List.of(
            "create-api-certificate",
            "--inputpath=" + authority,
            "--outputpath=" + folder,
            "--validity-days=1",
            NAME));
    CredentialFiles files = CredentialFiles.in(folder, NAME);
    return Credentials.load(authority.resolve("cluster.crt"), files.certificate(), files.key());
  }

  /** Tells a node of a new peer; why that failed, a line for each address, none if it did not. */
  List<String> tell(Peer told, Peer added) throws InterruptedException {
    List<String> reasons = new ArrayList<>();
    for (Address address : told.addresses()) {
      try (FlockerClient node = new FlockerClient(address.url(), tls)) {
        if (ListeningNode.at(address, tls).equals(told.node())) {
          var _ = node.putPeer(added);
          return List.of();
        }
        reasons.add("another node is at " + address);
      } catch (IOException e) {
        reasons.add(String.valueOf(e.getMessage())); // It may be reached at another address.
      } catch (FailureException e) {
        reasons.addAll(ProblemText.lines(e, KnownNames.NONE));
      }
    }
    return reasons;
  }
}
