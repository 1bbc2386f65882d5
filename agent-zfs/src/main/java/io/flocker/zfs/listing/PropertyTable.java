package io.flocker.zfs.listing;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code zfs get -Hp -o name,property,value,source} prints: one line a property. One thread
 * only.
 */
final class PropertyTable {
  /** The columns to ask for. */
  static final String COLUMNS = "name,property,value,source";

  private static final int FIELDS = 4;

  private final Map<String, Map<String, Property>> rows = new LinkedHashMap<>();

  /** Adds what one command printed. */
  void add(String stdout) throws FailureException {
    for (String line : (Iterable<String>) stdout.lines()::iterator) {
      String[] fields = line.split("\t", -1);
      if (fields.length != FIELDS) {
        throw unreadable("a line of " + fields.length + " fields: " + line);
      }
      rows.computeIfAbsent(fields[0], _ -> new HashMap<>())
          .put(fields[1], new Property(fields[2], fields[3]));
    }
  }

  /** All names, in the order of the listing. */
  Collection<String> names() {
    return rows.keySet();
  }

  /** A property that may not exist in this version of ZFS, or have no value. */
  Optional<Property> find(String name, String property) {
    return Optional.ofNullable(rows.getOrDefault(name, Map.of()).get(property))
        .filter(Property::isSet);
  }

  /** The value of a property that every such name has. */
  String value(String name, String property) throws FailureException {
    return find(name, property)
        .map(Property::value)
        .orElseThrow(() -> unreadable("no " + property + " of " + name));
  }

  long number(String name, String property) throws FailureException {
    String value = value(name, property);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException _) {
      throw unreadable(property + " of " + name + " is '" + value + "'");
    }
  }

  Guid guid(String name) throws FailureException {
    String value = value(name, "guid");
    try {
      return Guid.parseDecimal(value);
    } catch (NumberFormatException _) {
      throw unreadable("guid of " + name + " is '" + value + "'");
    }
  }

  private static FailureException unreadable(String what) {
    return StorageFailure.ZFS_OUTPUT_UNREADABLE.because("zfs get printed " + what);
  }
}
