package io.flocker.core.pki;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/**
 * Signatures of texts by the keys of certificates, such as {@code openssl dgst -sha256} makes and
 * verifies: ECDSA with SHA-256, or RSASSA-PSS with SHA-256 and a salt as long. Any thread; uses the
 * JDK alone.
 */
final class TextSignature {
  private static final String DIGEST = "SHA-256";
  private static final int SALT_BYTES = 32; // RFC 8017, section 9.1: as long as the digest
  private static final int TRAILER = 1; // RFC 8017, appendix A.2.3: trailerFieldBC
  private static final PSSParameterSpec PSS =
      new PSSParameterSpec(DIGEST, "MGF1", MGF1ParameterSpec.SHA256, SALT_BYTES, TRAILER);

  private TextSignature() {}

  /** Signs the UTF-8 form of a text. */
  static byte[] sign(PrivateKey key, String text) {
    try {
      Signature signature = of(key);
      signature.initSign(key);
      signature.update(text.getBytes(UTF_8));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java signs nothing by " + key.getAlgorithm(), e);
    }
  }

  /** Whether the owner of the key has signed that very text. */
  static boolean isBy(PublicKey key, String text, byte[] signed) {
    try {
      Signature signature = of(key);
      signature.initVerify(key);
      signature.update(text.getBytes(UTF_8));
      return signature.verify(signed);
    } catch (SignatureException _) {
      return false; // Of another kind or length: it cannot even be read.
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java verifies nothing by " + key.getAlgorithm(), e);
    }
  }

  private static Signature of(Key key) throws GeneralSecurityException {
    if (key.getAlgorithm().equals("EC")) {
      return Signature.getInstance("SHA256withECDSA");
    }
    Signature pss = Signature.getInstance("RSASSA-PSS");
    pss.setParameter(PSS);
    return pss;
  }
}
