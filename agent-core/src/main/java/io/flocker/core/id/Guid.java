package io.flocker.core.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The 64-bit identity that ZFS gives a dataset, snapshot or bookmark; equal guids are equal
 * content.
 *
 * @param bits the guid as an unsigned 64-bit number; 0 is none, see {@link #NONE}
 */
public record Guid(long bits) {
  /** Stands for no snapshot, as in the header of a stream that builds on none. */
  public static final Guid NONE = new Guid(0);

  private static final int DIGITS = 16;

  /**
   * Parses the form that travels between nodes: exactly 16 lower-case hex digits.
   *
   * @throws IllegalArgumentException if {@code hex} is anything else
   */
  @JsonCreator
  public static Guid parse(String hex) {
    if (hex.length() != DIGITS || !hex.equals(hex.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("a guid is 16 lower-case hex digits, not '" + hex + "'");
    }
    try {
      return new Guid(HexFormat.fromHexDigitsToLong(hex));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a guid is 16 lower-case hex digits, not '" + hex + "'", e);
    }
  }

  /**
   * Parses the unsigned decimal that the {@code zfs} command prints.
   *
   * @throws NumberFormatException if {@code decimal} is not an unsigned 64-bit number
   */
  public static Guid parseDecimal(String decimal) {
    return new Guid(Long.parseUnsignedLong(decimal));
  }

  /** 16 lower-case hex digits. */
  @JsonValue
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(bits);
  }
}
