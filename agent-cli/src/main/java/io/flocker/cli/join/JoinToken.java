package io.flocker.cli.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.id.Address;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * What lets one machine join a cluster, once: a secret, whom to tell it, and where. Immutable; any
 * thread.
 */
public final class JoinToken {
  private static final String PREFIX = "flocker1-"; // The number is the version of this form.
  private static final int SECRET_BYTES = 20; // 160 bits, which nobody guesses.
  private static final int FINGERPRINT_BYTES = 32; // SHA-256

  private final byte[] secret;
  private final byte[] fingerprint;
  private final Address address;

  private JoinToken(byte[] secret, byte[] fingerprint, Address address) {
    this.secret = secret;
    this.fingerprint = fingerprint;
    this.address = address;
  }

  /** One with a fresh secret, for whoever shows that key at that address. */
  static JoinToken of(PublicKey shown, Address address) {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return new JoinToken(secret, digest(shown.getEncoded()), address);
  }

  /**
   * Reads what {@link #text} says.
   *
   * @throws IllegalArgumentException if it is no token, or one of another version
   */
  public static JoinToken parse(String text) {
    try {
      if (text.startsWith(PREFIX)) {
        byte[] bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
        int beforeAddress = SECRET_BYTES + FINGERPRINT_BYTES;
        if (bytes.length > beforeAddress) {
          String address = new String(bytes, beforeAddress, bytes.length - beforeAddress, UTF_8);
          return new JoinToken(
              Arrays.copyOf(bytes, SECRET_BYTES),
              Arrays.copyOfRange(bytes, SECRET_BYTES, beforeAddress),
              Address.parse(address));
        }
      }
    } catch (IllegalArgumentException _) {
      // The message below says it, and repeats nothing of what may be secret.
    }
    throw new IllegalArgumentException(
        "this is no invitation of this version: it is the one line that 'flocker node invite'"
            + " prints, and begins with "
            + PREFIX);
  }

  /** One line, without blanks or anything that a shell interprets. Secret. */
  public String text() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(secret);
    bytes.writeBytes(fingerprint);
    bytes.writeBytes(address.toString().getBytes(UTF_8));
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /** Where the invitation is answered. */
  public Address address() {
    return address;
  }

  /** The secret as it crosses the wire. */
  String secret() {
    return HexFormat.of().formatHex(secret);
  }

  /** Whether that is the secret; takes the same time for every text of its length. */
  boolean isSecret(String said) {
    return MessageDigest.isEqual(secret().getBytes(UTF_8), said.getBytes(UTF_8));
  }

  /** Whether that is the key which it was made for. */
  boolean isOf(PublicKey shown) {
    return MessageDigest.isEqual(fingerprint, digest(shown.getEncoded()));
  }

  /** What is signed to prove possession of a key, for this invitation and this use alone. */
  String proof(String use, String key) {
    return "flocker-join 1\ninvitation %s\ncertificate %s\nkey %s\n"
        .formatted(HexFormat.of().formatHex(digest(secret)), use, key);
  }

  /** Without the secret: this may get into a log or a stack trace. */
  @Override
  public String toString() {
    return "invitation at " + address;
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
