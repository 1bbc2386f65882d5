package io.flocker.core.pki;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * The public half of a key that somebody else has made; that he has the other half, a signature has
 * to show. Any thread; uses the JDK alone.
 */
public record ForeignKey(PublicKey key) {
  /**
   * Reads what {@link OwnKey#publicText} says.
   *
   * @throws IllegalArgumentException if it is no key of the one kind that is taken: EC on P-256
   */
  public static ForeignKey parse(String text) {
    try {
      byte[] encoded = Base64.getDecoder().decode(text);
      PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded));
      AlgorithmParameters usual = AlgorithmParameters.getInstance("EC");
      usual.init(new ECGenParameterSpec("secp256r1"));
      if (key instanceof ECPublicKey point
          && point
              .getParams()
              .getCurve()
              .equals(usual.getParameterSpec(ECParameterSpec.class).getCurve())) {
        return new ForeignKey(key);
      }
      throw new IllegalArgumentException("a key of EC on another curve than P-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no public key of EC: " + e.getMessage(), e);
    }
  }

  /** Whether its owner has signed that very text. */
  public boolean hasSigned(String text, byte[] signature) {
    return TextSignature.isBy(key, text, signature);
  }
}
