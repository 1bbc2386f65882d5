package io.flocker.http.hook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who sent a body, and when: {@code t=<seconds since 1970>,v1=<hexadecimal HMAC-SHA256>} of the
 * seconds in decimal, a period, and the body.
 */
final class Signature {
  static final String HEADER = "Flocker-Signature";

  private static final String ALGORITHM = "HmacSHA256"; // RFC 2104, FIPS 180-4

  private Signature() {}

  static String of(byte[] secret, Instant when, byte[] body) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(ALGORITHM);
    mac.init(new SecretKeySpec(secret, ALGORITHM));
    mac.update((when.getEpochSecond() + ".").getBytes(US_ASCII));
    return "t=" + when.getEpochSecond() + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
  }
}
