package io.flocker.core.pki;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;

/** Finds out whether a private key belongs to a public one, by signing something. */
record KeyMatch(PublicKey publicKey) {
  private static final byte[] SAMPLE = "flocker".getBytes(StandardCharsets.US_ASCII);

  boolean matches(PrivateKey key) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(KeyAlgorithm.of(key).signatureName());
    signature.initSign(key);
    signature.update(SAMPLE);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(SAMPLE);
    try {
      return signature.verify(signed);
    } catch (SignatureException _) {
      return false; // Another key length: the signature cannot even be read.
    }
  }
}
