package io.flocker.http.router;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;

/** Decodes what RFC 3986, section 2.1, encodes: strictly, as UTF-8, without control characters. */
final class PercentCoding {
  private static final int ESCAPE_LENGTH = 3;

  private PercentCoding() {}

  static String decode(String text) throws FailureException {
    try {
      String decoded = UTF_8.newDecoder().decode(bytes(text)).toString();
      if (decoded.chars().anyMatch(Character::isISOControl)) {
        throw malformed(text);
      }
      return decoded;
    } catch (IllegalArgumentException | IndexOutOfBoundsException | CharacterCodingException _) {
      throw malformed(text);
    }
  }

  private static ByteBuffer bytes(String text) {
    byte[] raw = text.getBytes(US_ASCII);
    ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '%') {
        out.write(HexFormat.fromHexDigits(text, i + 1, i + ESCAPE_LENGTH));
        i += ESCAPE_LENGTH - 1;
      } else {
        out.write(raw[i]);
      }
    }
    return ByteBuffer.wrap(out.toByteArray());
  }

  private static FailureException malformed(String text) {
    return RequestFailure.MALFORMED_REQUEST.because(
        "'" + text + "' is not percent-encoded UTF-8 without control characters.");
  }
}
