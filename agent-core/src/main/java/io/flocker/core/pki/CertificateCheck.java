package io.flocker.core.pki;

import io.flocker.core.identity.Principal;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Judges certificates that were read from files, so that a wrong one is refused at start with its
 * name and not in a handshake without.
 *
 * @param now when they must be in force
 */
record CertificateCheck(Instant now) {
  private static final int KEY_CERT_SIGN = 5; // RFC 5280, 4.2.1.3: bit of keyCertSign

  /** Reads the authority's certificate: one, in force, and allowed to sign others. */
  X509Certificate authority(Path file) throws CredentialsException {
    List<X509Certificate> certificates = new CredentialFiles(file, file).readChain();
    X509Certificate authority = certificates.getFirst();
    if (certificates.size() != 1) {
      throw new CredentialsException(
          file, "holds %d certificates; one authority is expected".formatted(certificates.size()));
    }
    boolean[] usage = authority.getKeyUsage();
    if (authority.getBasicConstraints() < 0 || (usage != null && !usage[KEY_CERT_SIGN])) {
      throw new CredentialsException(
          file,
          "is not an authority's certificate; give the cluster.crt of 'flocker-ca initialize'");
    }
    strong(file, authority);
    inForce(file, authority);
    return authority;
  }

  /** Judges a holder's certificate, and says whom it names. */
  Principal leaf(Path file, X509Certificate leaf, Path authorityFile, X509Certificate authority)
      throws CredentialsException {
    strong(file, leaf);
    inForce(file, leaf);
    try {
      leaf.verify(authority.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CredentialsException(
          file, "was not signed by %s; take both from one cluster".formatted(authorityFile), e);
    }
    return new PeerCertificate(leaf)
        .subject()
        .orElseThrow(() ->
            new CredentialsException(
                file,
                "names no node, user or control service (%s); make one with flocker-ca"
                    .formatted(leaf.getSubjectX500Principal())));
  }

  private static void strong(Path file, X509Certificate certificate) throws CredentialsException {
    try {
      Strength.require(certificate);
    } catch (CertificateException e) {
      throw new CredentialsException(
          file,
          "cannot be trusted: %s; make a new one with flocker-ca".formatted(e.getMessage()),
          e);
    }
  }

  private void inForce(Path file, X509Certificate certificate) throws CredentialsException {
    Instant begin = certificate.getNotBefore().toInstant();
    Instant end = certificate.getNotAfter().toInstant();
    if (now.isBefore(begin)) {
      throw new CredentialsException(
          file, "is not valid before %s; check this machine's clock (%s)".formatted(begin, now));
    }
    if (now.isAfter(end)) {
      throw new CredentialsException(
          file, "expired at %s; make a new one with flocker-ca".formatted(end));
    }
  }
}
