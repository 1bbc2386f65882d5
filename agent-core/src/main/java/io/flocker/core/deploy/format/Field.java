package io.flocker.core.deploy.format;

import io.flocker.core.deploy.Port;
import io.flocker.core.failure.Excerpt;
import io.flocker.core.yaml.YamlValue;
import io.flocker.core.yaml.YamlValue.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A value of a file while it is read: hands out what it holds, or notes why it cannot. What is
 * empty was noted.
 *
 * @param problems where to note what is wrong
 * @param file the file's name
 * @param subject whose part it is; empty for the file's own
 * @param path the field, with all keys on the way to it; empty for the whole document
 * @param value what is there
 */
record Field(Problems problems, String file, String subject, String path, YamlValue value) {
  /** Without the leading zero that makes an octal number of it for some, and for others not. */
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,17})");

  private static final int SHOWN = 80;

  /** The whole document. */
  static Field of(Problems problems, String file, YamlValue root) {
    return new Field(problems, file, "", "", root);
  }

  /** The same value as a part of {@code owner}, whose fields are named from here on. */
  Field ownedBy(String owner) {
    return new Field(problems, file, owner, "", value);
  }

  /** The same field with another value. */
  Field with(YamlValue other) {
    return new Field(problems, file, subject, path, other);
  }

  /** Notes that the field {@code text}, which goes on after the field's name. */
  void refuse(String text) {
    refuse(value.line(), path, text);
  }

  /** Notes {@code text}, which is a sentence of its own. */
  void complain(String text) {
    problems.note(
        file, OptionalInt.of(value.line()), subject, path.isEmpty() ? text : path + ": " + text);
  }

  /** Notes that a field below this one {@code text}. */
  void refuse(int line, String field, String text) {
    problems.note(file, OptionalInt.of(line), subject, field.isEmpty() ? text : field + " " + text);
  }

  /** A text, and nothing that only looks like one. */
  Optional<String> text() {
    if (value instanceof YamlValue.Scalar scalar && scalar.kind() == Kind.TEXT) {
      return Optional.of(scalar.text());
    }
    boolean isScalar = value instanceof YamlValue.Scalar scalar && scalar.kind() != Kind.NOTHING;
    refuse("is a text, not " + shown() + (isScalar ? "; put it into quotes" : ""));
    return Optional.empty();
  }

  /** A text or a number, as it was written. */
  Optional<String> word() {
    boolean isWord =
        value instanceof YamlValue.Scalar scalar
            && Set.of(Kind.TEXT, Kind.INTEGER, Kind.DECIMAL).contains(scalar.kind());
    if (isWord && value instanceof YamlValue.Scalar scalar) {
      return Optional.of(scalar.text());
    }
    refuse("is a text or a number, not " + shown());
    return Optional.empty();
  }

  /** A text in its own type; {@code parser} says by an IllegalArgumentException why it is none. */
  <T> Optional<T> text(Function<String, T> parser) {
    return text().flatMap(text -> attempt(() -> parser.apply(text)));
  }

  /** A text or a number in its own type. */
  <T> Optional<T> word(Function<String, T> parser) {
    return word().flatMap(text -> attempt(() -> parser.apply(text)));
  }

  /** A whole number. */
  OptionalLong number(long least, long most) {
    boolean isNumber = value instanceof YamlValue.Scalar scalar && scalar.kind() == Kind.INTEGER;
    return isNumber ? digits(least, most) : noNumber(least, most);
  }

  /** A whole number that may stand in quotes. */
  OptionalLong digits(long least, long most) {
    if (value instanceof YamlValue.Scalar scalar && WHOLE.matcher(scalar.text()).matches()) {
      long number = Long.parseLong(scalar.text());
      if (number >= least && number <= most) {
        return OptionalLong.of(number);
      }
    }
    return noNumber(least, most);
  }

  /** A port, which may not stand in quotes. */
  OptionalInt port() {
    OptionalLong number = number(1, Port.MAX);
    return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
  }

  /** True or false. */
  Optional<Boolean> flag() {
    if (value instanceof YamlValue.Scalar scalar && scalar.kind() == Kind.BOOLEAN) {
      return Optional.of(scalar.text().equalsIgnoreCase("true"));
    }
    refuse("is true or false, not " + shown());
    return Optional.empty();
  }

  /** Whether it is a list. */
  boolean isList() {
    return value instanceof YamlValue.Sequence;
  }

  /** Whether it is a mapping. */
  boolean isMapping() {
    return value instanceof YamlValue.Mapping;
  }

  /** Whether nothing stands there. */
  boolean isNothing() {
    return value instanceof YamlValue.Scalar scalar && scalar.kind() == Kind.NOTHING;
  }

  /** The values of a list; none if it is no list. */
  List<Field> items() {
    if (!(value instanceof YamlValue.Sequence sequence)) {
      refuse("is a list, not " + shown());
      return List.of();
    }
    List<Field> items = new ArrayList<>();
    for (YamlValue item : sequence.values()) {
      items.add(new Field(problems, file, subject, path + "[" + items.size() + "]", item));
    }
    return items;
  }

  /** The texts of a list; fewer if some are none. */
  List<String> texts() {
    return items().stream().flatMap(item -> item.text().stream()).toList();
  }

  /** The fields of a mapping; if it is none, that is noted, and no field is missing. */
  Fields mapping() {
    if (value instanceof YamlValue.Mapping mapping) {
      return new Fields(this, mapping);
    }
    refuse("is a mapping, not " + shown());
    return new Fields(this);
  }

  /** What {@code maker} makes; its IllegalArgumentException is what is wrong with the field. */
  <T> Optional<T> attempt(Supplier<T> maker) {
    try {
      return Optional.of(maker.get());
    } catch (IllegalArgumentException e) {
      complain(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** What is there, for people. */
  String shown() {
    if (!(value instanceof YamlValue.Scalar scalar) || scalar.kind() == Kind.NOTHING) {
      return value.what();
    }
    String text = Excerpt.of(scalar.text(), SHOWN);
    return scalar.kind() == Kind.TEXT ? "'" + text + "'" : text;
  }

  private OptionalLong noNumber(long least, long most) {
    String range =
        most == Long.MAX_VALUE ? "of at least " + least : "from " + least + " to " + most;
    refuse("is a whole number " + range + ", not " + shown());
    return OptionalLong.empty();
  }
}
