package io.flocker.core.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Signs certificates in the name of an authority.
 *
 * @param name the authority's subject, exactly as its certificate encodes it
 * @param keyIdentifier the authority's subjectKeyIdentifier
 * @param key the authority's key
 */
record CertificateSigner(X500Name name, SubjectKeyIdentifier keyIdentifier, PrivateKey key) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SERIAL_BITS = 128;

  /** Clocks of a cluster differ, and a new certificate has to work everywhere at once. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  /** The signer behind an authority's certificate. */
  static CertificateSigner of(X509Certificate authority, PrivateKey key)
      throws GeneralSecurityException {
    X509CertificateHolder holder = new JcaX509CertificateHolder(authority);
    SubjectKeyIdentifier identifier = SubjectKeyIdentifier.fromExtensions(holder.getExtensions());
    return new CertificateSigner(
        holder.getSubject(),
        identifier != null ? identifier : keyIdentifier(authority.getPublicKey()),
        key);
  }

  /** The signer of a self-signed certificate. */
  static CertificateSigner self(X500Name name, PublicKey publicKey, PrivateKey key)
      throws GeneralSecurityException {
    return new CertificateSigner(name, keyIdentifier(publicKey), key);
  }

  /** A certificate for {@code publicKey}, in force from an hour before {@code now}. */
  X509Certificate sign(
      CertificateProfile profile, X500Name subject, PublicKey publicKey, Instant now, Instant end) {
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            name,
            new BigInteger(SERIAL_BITS, RANDOM),
            Date.from(now.minus(BACKDATED)),
            Date.from(end),
            subject,
            SubjectPublicKeyInfo.getInstance(publicKey.getEncoded()));
    try {
      builder
          .addExtension(Extension.subjectKeyIdentifier, false, keyIdentifier(publicKey))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              new AuthorityKeyIdentifier(keyIdentifier.getKeyIdentifier()));
      profile.addTo(builder);
      return read(builder.build(new JcaContentSignerBuilder(algorithm()).build(key)));
    } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign a certificate for " + subject, e);
    }
  }

  private String algorithm() {
    return KeyAlgorithm.of(key).signatureName();
  }

  private static SubjectKeyIdentifier keyIdentifier(PublicKey key) throws GeneralSecurityException {
    return new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key);
  }

  /** Reads with the JDK what Bouncy Castle wrote: what comes out is what a peer will see. */
  private static X509Certificate read(X509CertificateHolder holder)
      throws IOException, GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
  }
}
