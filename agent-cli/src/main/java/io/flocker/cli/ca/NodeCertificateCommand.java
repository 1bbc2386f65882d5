package io.flocker.cli.ca;

import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CredentialsException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flocker-ca create-node-certificate}. */
@Command(
    name = "create-node-certificate",
    description = {
      "Makes a node's certificate: UUID.crt and UUID.key.",
      "Without --uuid and --identity the node gets a fresh uuid."
    })
final class NodeCertificateCommand implements Callable<Integer> {
  @Mixin private Issuing issuing = new Issuing();

  @ArgGroup private @Nullable NodeChoice node;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description =
          "A DNS name or IP address at which others reach the node; give one --host for each.")
  private List<String> hosts = List.of();

  @Override
  public Integer call() throws CredentialsException, IOException {
    NodeId id = node == null ? NodeId.random() : node.id();
    issuing.issue(authority -> authority.issueNode(id, hosts), id.toString(), "/etc/flocker/node");
    return 0;
  }
}
