package io.flocker.core.pki;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Arrays;

/** The kinds of key that are issued. */
public enum KeyAlgorithm {
  /** ECDSA on P-256: small, made at once, and the cheaper signature in every handshake. */
  EC("EC", "SHA256withECDSA", 256),
  /** RSA of 4096 bits, as Flocker 1.x issued it. */
  RSA("RSA", "SHA256withRSA", 4096);

  private final String keyName;
  private final String signatureName;
  private final int bits;

  KeyAlgorithm(String keyName, String signatureName, int bits) {
    this.keyName = keyName;
    this.signatureName = signatureName;
    this.bits = bits;
  }

  /**
   * The algorithm of an existing key.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static KeyAlgorithm of(PrivateKey key) {
    return Arrays.stream(values())
        .filter(algorithm -> algorithm.keyName.equals(key.getAlgorithm()))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no keys of " + key.getAlgorithm() + " are used"));
  }

  /** A fresh pair. */
  KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(keyName);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java makes no " + keyName + " keys", e);
    }
  }

  /** The JCA's name of a signature by such a key. */
  String signatureName() {
    return signatureName;
  }
}
