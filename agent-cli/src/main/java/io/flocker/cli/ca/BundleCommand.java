package io.flocker.cli.ca;

import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.CredentialsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code flocker-ca bundle}. */
@Command(
    name = "bundle",
    description = {
      "Makes all that a new node needs to be of the cluster, as one archive: HOST.tar.",
      "In it are the node's identity, its certificate, that of its own commands, both keys, and the"
          + " authority's certificate, to be unpacked below / of the node by root."
    })
final class BundleCommand implements Callable<Integer> {
  @Mixin private Issuing issuing = new Issuing();

  @ArgGroup private @Nullable NodeChoice node;

  @Parameters(
      arity = "1..*",
      paramLabel = "HOST",
      description =
          "The DNS names and IP addresses at which the node is reached, all that anybody uses. The"
              + " archive is called after the first, and by it the node tells others where it is.")
  private List<String> hosts = List.of();

  @Override
  public Integer call() throws CredentialsException, IOException {
    NodeId id = node == null ? NodeId.random() : node.id();
    CertificateAuthority authority = issuing.authority();
    NodeBundle bundle = NodeBundle.of(authority, issuing.folder(), id, hosts);
    // What precedes a colon is another machine to tar and scp.
    Path archive = issuing.creation().folder().resolve(hosts.getFirst().replace(':', '-') + ".tar");
    NewFile.write(archive, bundle.tar());
    issuing
        .creation()
        .report(
            new Bundled(
                archive.toString(),
                id.toString(),
                authority.clusterId(),
                bundle.expires().toString()),
            "Created %s: node %s.".formatted(archive, id),
            "Whoever has it is that node: bring it there by a way that nobody listens to, unpack it"
                + " as root with 'tar -xkf %s -C /', and delete it."
                    .formatted(archive.getFileName()));
    return 0;
  }

  /**
   * The object that {@code --json} prints.
   *
   * @param archive its path
   * @param node the node's uuid
   * @param cluster the cluster's uuid
   * @param expires when the node's certificate ends, RFC 3339 in UTC
   */
  private record Bundled(String archive, String node, String cluster, String expires) {}
}
