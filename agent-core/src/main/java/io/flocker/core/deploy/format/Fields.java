package io.flocker.core.deploy.format;

import io.flocker.core.yaml.YamlValue;
import io.flocker.core.yaml.YamlValue.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The fields of a mapping while it is read; remembers which were asked for. One thread. */
final class Fields {
  private final Field whole;
  private final int line;
  private final Map<String, YamlValue.Entry> entries;
  private final boolean isMapping;
  private final Set<String> known = new HashSet<>();

  Fields(Field whole, YamlValue.Mapping mapping) {
    this.whole = whole;
    this.line = mapping.line();
    this.entries = mapping.byKey();
    this.isMapping = true;
  }

  /** Those of what is no mapping: none, and none is missed. */
  Fields(Field whole) {
    this.whole = whole;
    this.line = whole.value().line();
    this.entries = Map.of();
    this.isMapping = false;
  }

  /** The field of that key, if it is given. */
  Optional<Field> find(String key) {
    known.add(key);
    return Optional.ofNullable(entries.get(key)).map(this::field);
  }

  /** The field of that key; that it is missing is noted. */
  Optional<Field> require(String key) {
    Optional<Field> field = find(key);
    if (isMapping && field.isEmpty()) {
      whole.refuse(line, path(key), "is missing");
    }
    return field;
  }

  /** Every field, by key; keys that are no texts are noted and left out. */
  Map<String, Field> all() {
    Map<String, Field> all = new LinkedHashMap<>();
    entries.forEach((key, entry) -> {
      if (entry.key().kind() == Kind.TEXT) {
        all.put(key, field(entry));
      } else {
        refuse(
            key, "is no name, but " + entry.key().kind() + "; put it into quotes if it is meant");
      }
    });
    return all;
  }

  /** Every field as {@code reader} has it; those that are not as they should be are left out. */
  <T> Map<String, T> all(Function<Field, Optional<T>> reader) {
    Map<String, T> all = new LinkedHashMap<>();
    all().forEach((key, field) -> reader.apply(field).ifPresent(value -> all.put(key, value)));
    return all;
  }

  /** The line of a key that is there. */
  int line(String key) {
    YamlValue.Entry entry = entries.get(key);
    return entry == null ? line : entry.key().line();
  }

  /** Notes something about a key that is there. */
  void refuse(String key, String text) {
    whole.refuse(line(key), path(key), text);
  }

  /** Notes every key that nobody asked for. */
  void refuseUnknown() {
    refuseUnknown(Map.of());
  }

  /** Notes every key that nobody asked for; {@code cures} says of some what there is instead. */
  void refuseUnknown(Map<String, String> cures) {
    List<String> unknown = new ArrayList<>(entries.keySet());
    unknown.removeAll(known);
    String choices = String.join(", ", known.stream().sorted().toList());
    for (String key : unknown) {
      String cure = cures.get(key);
      refuse(
          key, cure == null ? "is unknown; known are " + choices : "is not carried over: " + cure);
    }
  }

  private Field field(YamlValue.Entry entry) {
    return new Field(
        whole.problems(), whole.file(), whole.subject(), path(entry.key().text()), entry.value());
  }

  private String path(String key) {
    return whole.path().isEmpty() ? key : whole.path() + "." + key;
  }
}
