package io.flocker.core.pki;

import io.flocker.core.identity.Certified;
import io.flocker.core.identity.Principal;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The certificate of who has signed something that outlives the connection it came over. It is
 * judged as of the time of signing: it may have expired since. Any thread.
 */
public record SignerCertificate(X509Certificate certificate) {
  /**
   * Reads the PEM form of one certificate.
   *
   * @throws IllegalArgumentException if it is none, or several
   */
  public static SignerCertificate parse(String pem) {
    try {
      List<X509Certificate> certificates = Pem.certificates(pem);
      if (certificates.size() == 1) {
        return new SignerCertificate(certificates.getFirst());
      }
      throw new IllegalArgumentException(
          certificates.size() + " certificates where the signer's own is expected");
    } catch (CertificateException | IllegalArgumentException e) {
      throw new IllegalArgumentException("not a signer's certificate: " + e.getMessage(), e);
    }
  }

  /** The PEM form (RFC 7468). */
  public String pem() {
    try {
      return Pem.ofCertificates(List.of(certificate));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read cannot be written", e);
    }
  }

  /** SHA-256 of its DER form, 64 lower-case hex digits. */
  public String fingerprint() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read cannot be digested", e);
    }
  }

  /**
   * What it says of its holder, if the authority signed it, with keys and digests that hold, and it
   * was in force at that time, and not taken back before.
   */
  public Optional<Certified> holder(ClusterAuthority authority, Instant then) {
    try {
      Strength.require(certificate);
      certificate.verify(authority.certificate().getPublicKey());
      certificate.checkValidity(Date.from(then));
      if (authority.hasRevoked(certificate, then)) {
        return Optional.empty();
      }
      return new PeerCertificate(certificate).caller();
    } catch (GeneralSecurityException _) {
      return Optional.empty();
    }
  }

  /** Whether it says that its holder is a user; that this is true, {@link #holder} has to say. */
  public boolean isOfUser() {
    return new PeerCertificate(certificate)
        .client()
        .filter(Principal.User.class::isInstance)
        .isPresent();
  }

  /** Whom it names; that it does so rightly, {@link #holder} has to say. */
  public String name() {
    return new PeerCertificate(certificate).subject().map(Principal::name).orElse("nobody");
  }

  /** Whether its holder has signed that very text. */
  public boolean hasSigned(String text, byte[] signature) {
    return TextSignature.isBy(certificate.getPublicKey(), text, signature);
  }
}
