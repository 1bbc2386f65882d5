package io.flocker.cli.ca;

import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CredentialsException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code flocker-ca create-local-certificate}. */
@Command(
    name = "create-local-certificate",
    description = {
      "Makes the certificate of a node's own commands: local.crt and local.key.",
      "It has every right on that node and none on another."
    })
final class LocalCertificateCommand implements Callable<Integer> {
  private static final String FILE_NAME = "local";

  @Mixin private Issuing issuing = new Issuing();

  @ArgGroup(multiplicity = "1")
  private NodeChoice node = new NodeChoice();

  @Override
  public Integer call() throws CredentialsException, IOException {
    NodeId id = node.id();
    issuing.issue(authority -> authority.issueLocal(id), FILE_NAME, "/etc/flocker/local");
    return 0;
  }
}
