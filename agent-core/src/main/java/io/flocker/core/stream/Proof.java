package io.flocker.core.stream;

import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the sender vouches for at the end of a stream: the trailer {@link #TRAILER}, {@code exit=0
 * bytes=1234 crc32c=89abcdef}.
 *
 * @param exit the sending child's exit status; only 0 proves anything
 * @param bytes length of the stream
 * @param crc32c CRC-32C of the stream (RFC 3720, appendix B.4), as {@link java.util.zip.CRC32C}
 */
public record Proof(int exit, long bytes, int crc32c) {
  /** Name of the HTTP trailer. */
  public static final String TRAILER = "Flocker-Proof";

  private static final Pattern FORM =
      Pattern.compile("exit=(0|[1-9][0-9]{0,2}) bytes=(0|[1-9][0-9]{0,17}) crc32c=([0-9a-f]{8})");

  /**
   * Parses a trailer's value.
   *
   * @throws IllegalArgumentException if it has another form
   */
  public static Proof parse(String value) {
    Matcher matcher = FORM.matcher(value);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          TRAILER + " is 'exit=<n> bytes=<n> crc32c=<8 hex digits>', not '" + value + "'");
    }
    return new Proof(
        Integer.parseInt(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        HexFormat.fromHexDigits(matcher.group(3)));
  }

  /** The trailer's value. */
  @Override
  public String toString() {
    return "exit=" + exit + " bytes=" + bytes + " crc32c=" + HexFormat.of().toHexDigits(crc32c);
  }
}
