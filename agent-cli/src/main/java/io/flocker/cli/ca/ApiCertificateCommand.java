package io.flocker.cli.ca;

import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.pki.CredentialsException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flocker-ca create-api-certificate}. */
@Command(
    name = "create-api-certificate",
    description = "Makes the certificate of a user of the API: USERNAME.crt and USERNAME.key.")
final class ApiCertificateCommand implements Callable<Integer> {
  @Mixin private Issuing issuing = new Issuing();

  @Option(
      names = "--may",
      paramLabel = "takeover|resolve",
      description =
          "What the user may do beyond what every user may: take a volume from its owner by force,"
              + " choose between two nodes that claim one. Give one --may for each.")
  private Set<CertifiedPermission> permissions = EnumSet.noneOf(CertifiedPermission.class);

  @Parameters(paramLabel = "USERNAME", description = "Who will use it: a person or a program.")
  private String username = "";

  @Override
  public Integer call() throws CredentialsException {
    issuing.issue(authority -> authority.issueUser(username, permissions), username, username);
    return 0;
  }
}
