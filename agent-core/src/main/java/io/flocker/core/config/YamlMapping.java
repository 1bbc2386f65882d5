package io.flocker.core.config;

import io.flocker.core.id.Address;
import io.flocker.core.yaml.YamlValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of the file while it is read: hands out values with their defaults, remembers which
 * keys were asked for, and notes problems instead of throwing them. One thread.
 */
final class YamlMapping {
  private static final int NEAREST = 3;

  private final String path;
  private final SettingsReading reading;
  private final Map<String, YamlValue.Entry> entries;
  private final TreeSet<String> known = new TreeSet<>();

  /**
   * Takes the mapping apart.
   *
   * @param path what stands before its keys in messages; empty at the top
   * @param reading where to note what is wrong, and what holds
   */
  YamlMapping(String path, YamlValue.Mapping mapping, SettingsReading reading) {
    this.path = path;
    this.reading = reading;
    this.entries = mapping.byKey();
  }

  /** The mapping under {@code key}; an empty one if there is none. */
  YamlMapping mapping(String key) {
    YamlValue value = valueOf(key);
    if (value instanceof YamlValue.Mapping mapping) {
      return new YamlMapping(path + key + ".", mapping, reading);
    }
    if (value != null) {
      note(value, path + key, "is a mapping, with its own keys on the lines below");
    }
    YamlValue.Mapping empty = new YamlValue.Mapping(1, List.of());
    return new YamlMapping(path + key + ".", empty, reading);
  }

  /** All keys, in the order of the file. */
  List<String> keys() {
    return List.copyOf(entries.keySet());
  }

  /** A text. */
  String text(String key, String orElse) {
    return value(key, YamlValue.Kind.TEXT, "is a text; put it into quotes", text -> text, orElse);
  }

  /** Texts one after the other; none if they are not given. */
  List<String> texts(String key) {
    YamlValue value = valueOf(key);
    if (value == null) {
      reading.holds(path + key, "", null);
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    if (value instanceof YamlValue.Sequence sequence) {
      for (YamlValue each : sequence.values()) {
        if (each instanceof YamlValue.Scalar scalar && scalar.kind() == YamlValue.Kind.TEXT) {
          texts.add(scalar.text());
        } else {
          note(each, path + key, "has texts only; put it into quotes");
        }
      }
    } else {
      note(value, path + key, "is a list of texts");
    }
    reading.holds(path + key, Quantity.shown(texts), value);
    return List.copyOf(texts);
  }

  /** An absolute path. */
  Path path(String key, Path orElse) {
    return value(key, YamlValue.Kind.TEXT, "is a path", YamlMapping::absolute, orElse);
  }

  /** An absolute path, if it is given. */
  Optional<Path> optionalPath(String key) {
    return Optional.ofNullable(
        this.<@Nullable Path>value(
            key, YamlValue.Kind.TEXT, "is a path", text -> absolute(text), /* orElse= */ null));
  }

  /** Where to listen or connect. */
  Address address(String key, Address orElse) {
    return value(key, YamlValue.Kind.TEXT, "is <host>:<port>", Address::parseListener, orElse);
  }

  /** A whole number from {@code least} to {@code most}. */
  int number(String key, int least, int most, int orElse) {
    String range =
        least == most ? "is " + least : "is a whole number from " + least + " to " + most;
    return value(
        key,
        YamlValue.Kind.INTEGER,
        range,
        text -> {
          boolean isWithin =
              text.matches("[0-9]{1,9}")
                  && Integer.parseInt(text) >= least
                  && Integer.parseInt(text) <= most;
          return Integer.parseInt(check(isWithin, text, range));
        },
        orElse);
  }

  /** A duration from {@code least} to {@code most}. */
  Duration duration(String key, Duration least, Duration most, Duration orElse) {
    String range = "is from " + Quantity.text(least) + " to " + Quantity.text(most);
    return value(
        key,
        YamlValue.Kind.TEXT,
        "needs a unit (ms, s, m, h), for example " + Quantity.text(orElse),
        text -> {
          Duration duration = Quantity.duration(text);
          check(duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0, text, range);
          return duration;
        },
        orElse);
  }

  /** A size in bytes from {@code least} to {@code most}. */
  long bytes(String key, long least, long most, long orElse) {
    return value(
        key,
        YamlValue.Kind.TEXT,
        needsUnit(orElse),
        text -> within(text, least, most),
        (Long) orElse);
  }

  /** A size in bytes from {@code least} to {@code most}, if it is given. */
  OptionalLong optionalBytes(String key, long least, long most) {
    return value(
        key,
        YamlValue.Kind.TEXT,
        needsUnit(least),
        text -> OptionalLong.of(within(text, least, most)),
        OptionalLong.empty());
  }

  /** One of {@code choices}, by its text. */
  <T> T choice(String key, List<T> choices, T orElse) {
    return value(
        key,
        null,
        "is a word",
        text ->
            choices.stream()
                .filter(choice -> choice.toString().equals(text))
                .findFirst()
                .orElseThrow(
                    () -> new IllegalArgumentException("is one of " + choices + ", not " + text)),
        orElse);
  }

  /** Notes {@code problem} unless {@code key} is given. */
  void require(String key, String problem) {
    if (!entries.containsKey(key)) {
      refuse(key, problem);
    }
  }

  /** Notes a problem of what stands under {@code key}. */
  void refuse(String key, String problem) {
    YamlValue.Entry entry = entries.get(key);
    if (entry == null) {
      reading.note(path + key, problem);
    } else {
      note(entry.key(), path + key, problem);
    }
  }

  /** Notes every key that nobody asked for. */
  void refuseUnknown() {
    entries.forEach((key, entry) -> {
      if (!known.contains(key)) {
        note(entry.key(), path + key, "is unknown; near it are " + nearest(key));
      }
    });
  }

  private <T extends @Nullable Object> T value(
      String key,
      YamlValue.@Nullable Kind kind,
      String expected,
      Function<String, T> parser,
      T orElse) {
    YamlValue value = valueOf(key);
    if (value == null) {
      reading.holds(path + key, Quantity.shown(orElse), null);
      return orElse;
    }
    if (!(value instanceof YamlValue.Scalar scalar) || !(kind == null || scalar.kind() == kind)) {
      note(value, path + key, expected); // What is given instead may be a password of digits.
      return orElse;
    }
    try {
      T parsed = parser.apply(scalar.text());
      reading.holds(path + key, Quantity.shown(parsed), value);
      return parsed;
    } catch (IllegalArgumentException e) {
      note(value, path + key, String.valueOf(e.getMessage()));
      return orElse;
    }
  }

  private @Nullable YamlValue valueOf(String key) {
    known.add(key);
    YamlValue.Entry entry = entries.get(key);
    return entry == null ? null : entry.value();
  }

  private void note(YamlValue value, String name, String problem) {
    reading.note(value, name, problem);
  }

  private String nearest(String key) {
    return known.stream()
        .sorted(Comparator.comparingInt(candidate -> EditDistance.between(key, candidate)))
        .limit(NEAREST)
        .map(candidate -> path + candidate)
        .toList()
        .toString();
  }

  private static String needsUnit(long example) {
    return "needs a unit (B, KiB, MiB, GiB), for example " + Quantity.text(example);
  }

  private static long within(String text, long least, long most) {
    long bytes = Quantity.bytes(text);
    String range = "is from " + Quantity.text(least) + " to " + Quantity.text(most);
    check(bytes >= least && bytes <= most, text, range);
    return bytes;
  }

  /** What is given instead may be the secret itself that the file is to hold. */
  private static Path absolute(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("is an absolute path");
    }
    return Path.of(text).normalize();
  }

  private static String check(boolean isFine, String text, String expected) {
    if (!isFine) {
      throw new IllegalArgumentException(expected + ", not '" + text + "'");
    }
    return text;
  }
}
