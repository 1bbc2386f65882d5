package io.flocker.cli.ca;

import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands share that need the cluster's authority. */
final class Issuing {
  @Mixin private Creation creation = new Creation();

  @Option(
      names = {"-i", "--inputpath"},
      paramLabel = "FOLDER",
      description = "Where cluster.crt and cluster.key are; the current folder unless given.")
  private Path input = Path.of("");

  /** The cluster's authority, which issues on the terms that were asked for. */
  CertificateAuthority authority() throws CredentialsException {
    return CertificateAuthority.load(input).on(creation.terms());
  }

  /** Where the authority's files are. */
  Path folder() {
    return input;
  }

  Creation creation() {
    return creation;
  }

  /**
   * Issues one certificate and writes it with its key.
   *
   * @param fileName base name of both files
   * @param place where the files belong, as {@code node} for node.crt and node.key
   */
  void issue(Function<CertificateAuthority, Credentials> order, String fileName, String place)
      throws CredentialsException {
    CertificateAuthority authority = authority();
    save(authority, order.apply(authority), fileName, place);
  }

  /** Writes what the authority has issued, as {@link #issue} does. */
  void save(CertificateAuthority authority, Credentials issued, String fileName, String place)
      throws CredentialsException {
    CredentialFiles files = issued.save(creation.folder(), fileName);
    creation.report(
        new Created(files, issued, authority),
        "Copy them to where they are used, as %1$s.crt and %1$s.key, readable by their owner alone."
            .formatted(place));
  }
}
