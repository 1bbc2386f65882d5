package io.flocker.zfs.listing;

/**
 * A property's value, and where it comes from.
 *
 * @param source {@code local}, {@code default}, {@code inherited from ...}, {@code received},
 *     {@code temporary}, or {@code -}
 */
record Property(String value, String source) {
  private static final String NOTHING = "-";

  boolean isSet() {
    return !value.equals(NOTHING);
  }

  boolean isLocal() {
    return source.equals("local");
  }
}
