package io.flocker.core.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs lists of revoked certificates in the name of an authority. */
record RevocationSigner(X509Certificate authority, PrivateKey key) {
  /**
   * The list that follows upon {@code before}: one certificate more, or the same one since an
   * earlier time.
   */
  X509CRL adding(
      RevocationList before, BigInteger serial, Instant since, Instant now, Instant nextUpdate) {
    try {
      X509v2CRLBuilder builder = new JcaX509v2CRLBuilder(authority, Date.from(now));
      builder.setNextUpdate(Date.from(nextUpdate));
      for (X509CRLEntry entry : before.entries()) {
        if (!entry.getSerialNumber().equals(serial)) {
          builder.addCRLEntry(
              entry.getSerialNumber(), entry.getRevocationDate(), CRLReason.unspecified);
        }
      }
      builder.addCRLEntry(serial, Date.from(since), CRLReason.unspecified);
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.getPublicKey()));
      builder.addExtension(Extension.cRLNumber, false, new ASN1Integer(number(before)));
      return new JcaX509CRLConverter()
          .getCRL(
              builder.build(
                  new JcaContentSignerBuilder(KeyAlgorithm.of(key).signatureName()).build(key)));
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign a list of revoked certificates", e);
    }
  }

  /** One more than the one before (RFC 5280, section 5.2.3). */
  private static BigInteger number(RevocationList before) {
    return before
        .crl()
        .flatMap(crl -> Optional.ofNullable(crl.getExtensionValue(Extension.cRLNumber.getId())))
        .map(bytes -> ASN1OctetString.getInstance(bytes).getOctets())
        .map(bytes -> ASN1Integer.getInstance(bytes).getValue().add(BigInteger.ONE))
        .orElse(BigInteger.ONE);
  }
}
