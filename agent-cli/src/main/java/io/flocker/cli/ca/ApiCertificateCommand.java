package io.flocker.cli.ca;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.identity.CertifiedPermission;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import io.flocker.core.state.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--pkcs12",
      paramLabel = "PASSWORD-FILE",
      description =
          "Make USERNAME.p12 too, which browsers take in, encrypted by the password that is the"
              + " first line of this file.")
  private @Nullable Path passwordFile;

  @Parameters(paramLabel = "USERNAME", description = "Who will use it: a person or a program.")
  private String username = "";

  @Override
  public Integer call() throws CredentialsException, IOException {
    CertificateAuthority authority = issuing.authority();
    Credentials user = authority.issueUser(username, permissions);
    if (passwordFile == null) {
      issuing.save(authority, user, username, username);
      return 0;
    }
    Path forBrowsers = issuing.creation().folder().resolve(username + ".p12");
    NewFile.write(forBrowsers, user.pkcs12(password(passwordFile)));
    try {
      issuing.save(authority, user, username, username);
    } catch (CredentialsException e) {
      boolean _ = Files.deleteIfExists(forBrowsers);
      throw e;
    }
    return 0;
  }

  private static char[] password(Path file) throws IOException {
    try {
      List<String> lines = Files.readAllLines(file, UTF_8);
      if (!lines.isEmpty() && !lines.getFirst().isEmpty()) {
        return lines.getFirst().toCharArray();
      }
    } catch (IOException e) {
      throw new IOException(file + " cannot be read: " + DurableFile.reason(e), e);
    }
    throw new IOException(file + " has no password in its first line");
  }
}
