package io.flocker.cli.ca;

import io.flocker.cli.join.Invitation;
import io.flocker.cli.join.Invitee;
import io.flocker.cli.join.JoinedNode;
import io.flocker.cli.join.JsonLines;
import io.flocker.cli.join.Surroundings;
import io.flocker.cli.setup.SetupException;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.CredentialsException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code flocker-ca invite}: the part of {@code flocker node invite} that needs the authority. It
 * reads one line, its {@link Surroundings}, prints the token, and prints the {@link JoinedNode}
 * node once that has joined. It lets nobody in any more once its input has ended.
 */
@Command(
    name = "invite",
    hidden = true,
    description = "Does the part of 'flocker node invite' that needs the authority.")
final class InviteCommand implements Callable<Integer> {
  private static final int LONGEST_INPUT = 1 << 20;

  @Spec private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--inputpath",
      paramLabel = "FOLDER",
      required = true,
      description = "Where cluster.crt and cluster.key are.")
  private Path folder = Path.of("");

  @Option(names = "--for", paramLabel = "SECONDS", required = true, description = "How long.")
  private long seconds;

  @Option(names = "--listen", paramLabel = "HOST:PORT", required = true, description = "Where.")
  private String listen = "";

  @Parameters(arity = "1..*", paramLabel = "HOST", description = "Those of the new node.")
  private List<String> hosts = List.of();

  @Override
  public Integer call()
      throws CredentialsException, IOException, SetupException, InterruptedException {
    InputStream in = System.in;
    Surroundings around = JsonLines.read(in, Surroundings.class, LONGEST_INPUT);
    NodeId node = NodeId.random();
    CertificateAuthority authority = CertificateAuthority.load(folder);
    Invitee invitee = new Invitee(authority, folder, node, hosts, around.peers());
    PrintWriter out = command.commandLine().getOut();
    try (Invitation invitation =
        Invitation.open(invitee, Address.parseListener(listen), around.reached())) {
      out.println(invitation.token().text());
      out.flush();
      Thread _ = Thread.ofPlatform().daemon().start(() -> awaitEnd(in, invitation));
      int port = invitation.await(Duration.ofSeconds(seconds));
      List<Address> addresses = hosts.stream().map(host -> new Address(host, port)).toList();
      out.println(JsonMappers.WIRE.writeValueAsString(new JoinedNode(node, addresses)));
      if (out.checkError()) {
        throw new SetupException("node %s has joined, and nobody is told of it".formatted(node));
      }
      invitation.confirm();
    }
    return 0;
  }

  private static void awaitEnd(InputStream in, Invitation invitation) {
    try {
      while (in.read() >= 0) {
        // Nothing else is told.
      }
    } catch (IOException _) {
      // As if it had ended.
    }
    invitation.withdraw("nobody reads the invitation any more");
  }
}
