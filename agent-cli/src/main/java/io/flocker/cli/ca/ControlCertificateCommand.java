package io.flocker.cli.ca;

import io.flocker.core.pki.CredentialsException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code flocker-ca create-control-certificate}. */
@Command(
    name = "create-control-certificate",
    description =
        "Makes the control service's certificate: control-HOSTNAME.crt and control-HOSTNAME.key.")
final class ControlCertificateCommand implements Callable<Integer> {
  @Mixin private Issuing issuing = new Issuing();

  @Parameters(
      paramLabel = "HOSTNAME",
      description = "The DNS name or IP address at which it is reached.")
  private String host = "";

  @Override
  public Integer call() throws CredentialsException {
    issuing.issue(
        authority -> authority.issueControlService(host),
        "control-" + host,
        "/etc/flocker/control-service");
    return 0;
  }
}
