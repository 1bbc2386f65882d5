package io.flocker.cli.ca;

import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.CredentialsException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code flocker-ca initialize}. */
@Command(
    name = "initialize",
    description = "Makes the authority of a new cluster: cluster.crt and cluster.key.")
final class InitializeCommand implements Callable<Integer> {
  @Mixin private Creation creation = new Creation();

  @Parameters(paramLabel = "NAME", description = "What people call the cluster.")
  private String name = "";

  @Override
  public Integer call() throws CredentialsException {
    CertificateAuthority authority = CertificateAuthority.create(name, creation.terms());
    CredentialFiles files = authority.save(creation.folder());
    creation.report(
        new Created(files, name, authority),
        "Keep %s secret and off the cluster: whoever has it controls every node.\n"
                .formatted(files.key())
            + "Every node, user and command needs a copy of %s.".formatted(files.certificate()));
    return 0;
  }
}
