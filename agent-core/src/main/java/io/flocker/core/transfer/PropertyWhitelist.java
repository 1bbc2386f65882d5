package io.flocker.core.transfer;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The ZFS properties that may travel with a volume. No other ever does: the properties of a {@code
 * send -p} stream could move a mountpoint or switch readonly off.
 */
final class PropertyWhitelist {
  static final Set<String> NAMES = Set.of("compression", "recordsize", "refquota");
  private static final Pattern VALUE = Pattern.compile("[a-z0-9.-]{1,32}");

  private PropertyWhitelist() {}

  /**
   * The listed ones of {@code properties}, by name; the others are ignored as unknown members are.
   *
   * @throws IllegalArgumentException if the value of a listed one is not a plain word or number
   */
  static Map<String, String> filter(Map<String, String> properties) {
    Map<String, String> listed = new TreeMap<>(properties);
    listed.keySet().retainAll(NAMES);
    listed.forEach(PropertyWhitelist::check);
    return Collections.unmodifiableMap(listed);
  }

  private static void check(String name, String value) {
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException("'" + value + "' cannot be a value of " + name);
    }
  }
}
