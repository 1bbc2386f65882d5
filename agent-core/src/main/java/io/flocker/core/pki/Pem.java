package io.flocker.core.pki;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text form of certificates and keys (RFC 7468), by the JDK alone. */
final class Pem {
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY"; // RFC 7468, section 10: PKCS #8
  private static final String LIST = "X509 CRL"; // RFC 7468, section 7
  private static final int LINE = 64; // RFC 7468, section 2
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  private static final Pattern FOREIGN_KEY =
      Pattern.compile("-----BEGIN (EC|RSA|ENCRYPTED) PRIVATE KEY-----");

  private Pem() {}

  static String ofCertificates(List<X509Certificate> certificates)
      throws CertificateEncodingException {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      text.append(block(CERTIFICATE, certificate.getEncoded()));
    }
    return text.toString();
  }

  static String ofKey(PrivateKey key) {
    return block(PRIVATE_KEY, key.getEncoded());
  }

  static String ofList(X509CRL list) throws CRLException {
    return block(LIST, list.getEncoded());
  }

  /** All certificates of the text, in its order; at least one. */
  static List<X509Certificate> certificates(String text) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    for (byte[] der : blocks(text, CERTIFICATE)) {
      certificates.add(
          (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("no '-----BEGIN CERTIFICATE-----' block in it");
    }
    return certificates;
  }

  /** The one PKCS#8 key of the text. */
  static PrivateKey key(String text, String algorithm) throws GeneralSecurityException {
    List<byte[]> keys = blocks(text, PRIVATE_KEY);
    if (keys.size() != 1) {
      throw new GeneralSecurityException(
          "%d '-----BEGIN PRIVATE KEY-----' blocks in it, not one".formatted(keys.size()));
    }
    return KeyFactory.getInstance(algorithm)
        .generatePrivate(new PKCS8EncodedKeySpec(keys.getFirst()));
  }

  /** Whether the text holds a key in a form other than plain PKCS#8. */
  static boolean holdsForeignKey(String text) {
    return FOREIGN_KEY.matcher(text).find();
  }

  private static List<byte[]> blocks(String text, String label) {
    List<byte[]> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1).equals(label)) {
        blocks.add(Base64.getMimeDecoder().decode(matcher.group(2)));
      }
    }
    return blocks;
  }

  private static String block(String label, byte[] der) {
    byte[] newLine = "\n".getBytes(StandardCharsets.US_ASCII);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder(LINE, newLine).encodeToString(der), label);
  }
}
