package io.flocker.zfs.listing;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The properties of one dataset, snapshot or bookmark, as {@code zfs get} prints them. */
final class PropertyTable {
  /** The columns to ask for. */
  static final String COLUMNS = "name,property,value,source";

  private final String name;
  private final Map<String, Property> properties = new HashMap<>();

  PropertyTable(String name) {
    this.name = name;
  }

  /** What a command printed of one name. */
  static PropertyTable of(String stdout) throws FailureException {
    PropertyTable[] only = new PropertyTable[1];
    PropertyRows rows = new PropertyRows(table -> only[0] = table);
    for (String line : (Iterable<String>) stdout.lines()::iterator) {
      rows.take(line);
    }
    rows.end();
    if (only[0] == null) {
      throw unreadable("nothing");
    }
    return only[0];
  }

  /** Whose properties they are. */
  String name() {
    return name;
  }

  void put(String property, Property value) {
    properties.put(property, value);
  }

  /** A property that may not exist in this version of ZFS, or have no value. */
  Optional<Property> find(String property) {
    return Optional.ofNullable(properties.get(property)).filter(Property::isSet);
  }

  /** The value of a property that it must have. */
  String value(String property) throws FailureException {
    return find(property)
        .map(Property::value)
        .orElseThrow(() -> unreadable("no " + property + " of " + name));
  }

  long number(String property) throws FailureException {
    String value = value(property);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException _) {
      throw unreadable(property + " of " + name + " is '" + value + "'");
    }
  }

  Guid guid() throws FailureException {
    String value = value("guid");
    try {
      return Guid.parseDecimal(value);
    } catch (NumberFormatException _) {
      throw unreadable("guid of " + name + " is '" + value + "'");
    }
  }

  static FailureException unreadable(String what) {
    return StorageFailure.ZFS_OUTPUT_UNREADABLE.because("ZFS said " + what);
  }
}
