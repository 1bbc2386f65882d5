package io.flocker.core.pki;

import java.security.KeyPair;
import java.util.Base64;

/**
 * A key that is made where it is used, for an authority elsewhere to certify. Immutable; any
 * thread. Uses the JDK alone.
 */
public final class OwnKey {
  private final KeyPair pair;

  private OwnKey(KeyPair pair) {
    this.pair = pair;
  }

  /** A fresh one, of the kind that is issued unless somebody asks for another. */
  public static OwnKey generate() {
    return new OwnKey(KeyAlgorithm.EC.generate());
  }

  /** The public half as {@link ForeignKey#parse} reads it. */
  public String publicText() {
    return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
  }

  /** The private half as a file of it holds it: PEM, plain PKCS#8. Secret. */
  public String pem() {
    return Pem.ofKey(pair.getPrivate());
  }

  /** Signs the UTF-8 form of a text, see {@link ForeignKey#hasSigned}. */
  public byte[] sign(String text) {
    return TextSignature.sign(pair.getPrivate(), text);
  }
}
