package io.flocker.core.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that an authority has taken back, as {@code cluster.crl} has them (RFC 5280,
 * section 5). One that is out of date still counts: nothing that it says has become untrue.
 * Immutable; any thread; uses the JDK alone.
 */
public final class RevocationList {
  /** Nothing was taken back. */
  public static final RevocationList NONE = new RevocationList(null);

  /** Its name beside {@code cluster.crt}. */
  public static final String FILE_NAME = CertificateAuthority.FILE_NAME + ".crl";

  private static final int LONGEST = 4 * 1024 * 1024;

  private final @Nullable X509CRL list;

  RevocationList(@Nullable X509CRL list) {
    this.list = list;
  }

  /** The list that lies beside an authority's certificate; {@link #NONE} if none does. */
  static RevocationList beside(Path authorityFile, X509Certificate authority)
      throws CredentialsException {
    Path file = fileBeside(authorityFile);
    return Files.exists(file) ? load(file, authority) : NONE;
  }

  static Path fileBeside(Path authorityFile) {
    return authorityFile.resolveSibling(FILE_NAME);
  }

  /** Reads a list, PEM or DER, that the authority has signed. */
  static RevocationList load(Path file, X509Certificate authority) throws CredentialsException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw new CredentialsException(file, "is longer than any list of revoked certificates");
      }
      X509CRL list = parse(bytes);
      list.verify(authority.getPublicKey());
      return new RevocationList(list);
    } catch (IOException e) {
      throw new CredentialsException(
          file, "cannot be read; check that it is there, its owner and its mode", e);
    } catch (GeneralSecurityException e) {
      throw new CredentialsException(
          file,
          "is not a list of revoked certificates that this cluster's authority has signed; make it"
              + " with 'flocker-ca revoke'",
          e);
    }
  }

  private static X509CRL parse(byte[] bytes) throws GeneralSecurityException {
    return (X509CRL)
        CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(bytes));
  }

  /** Since when a certificate is taken back; empty if it is not. */
  public Optional<Instant> since(X509Certificate certificate) {
    return Optional.ofNullable(list)
        .map(crl -> crl.getRevokedCertificate(certificate))
        .map(X509CRLEntry::getRevocationDate)
        .map(Date::toInstant);
  }

  /** How many certificates it has. */
  public int size() {
    return entries().size();
  }

  /** When a newer list should have come; empty where nothing was ever taken back. */
  public Optional<Instant> nextUpdate() {
    return Optional.ofNullable(list).map(X509CRL::getNextUpdate).map(Date::toInstant);
  }

  Set<? extends X509CRLEntry> entries() {
    Set<? extends X509CRLEntry> entries = list == null ? null : list.getRevokedCertificates();
    return entries == null ? Set.of() : entries;
  }

  /** The list itself; empty for {@link #NONE}. */
  Optional<X509CRL> crl() {
    return Optional.ofNullable(list);
  }
}
