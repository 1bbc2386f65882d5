package io.flocker.core.pki;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Locale;

/** Refuses certificates whose key or digest can be forged (NIST SP 800-131A Rev. 2). */
final class Strength {
  private static final int LEAST_RSA_BITS = 2048;
  private static final int LEAST_EC_BITS = 224;

  private Strength() {}

  static void require(X509Certificate certificate) throws CertificateException {
    String signature = certificate.getSigAlgName();
    if (signature.toUpperCase(Locale.ROOT).matches("(SHA1|MD[0-9]).*")) {
      throw new CertificateException("it is signed with " + signature + ", which can be forged");
    }
    switch (certificate.getPublicKey()) {
      case RSAPublicKey rsa -> require("RSA", rsa.getModulus().bitLength(), LEAST_RSA_BITS);
      case ECPublicKey ec -> require("EC", ec.getParams().getOrder().bitLength(), LEAST_EC_BITS);
      default ->
          throw new CertificateException(
              "its key is of the kind "
                  + certificate.getPublicKey().getAlgorithm()
                  + ", only RSA and EC are taken");
    }
  }

  private static void require(String kind, int bits, int least) throws CertificateException {
    if (bits < least) {
      throw new CertificateException(
          "its %s key has %d bits, %d are the least".formatted(kind, bits, least));
    }
  }
}
