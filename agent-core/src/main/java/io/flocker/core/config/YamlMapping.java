package io.flocker.core.config;

import io.flocker.core.id.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of the file while it is read: hands out values with their defaults, remembers which
 * keys were asked for, and notes problems instead of throwing them. One thread.
 */
final class YamlMapping {
  private static final int NEAREST = 3;

  private final String path;
  private final List<String> problems;
  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
  private final TreeSet<String> known = new TreeSet<>();

  /**
   * Takes the mapping apart.
   *
   * @param path what stands before its keys in messages; empty at the top
   * @param problems where to note what is wrong
   */
  YamlMapping(String path, MappingNode node, List<String> problems) {
    this.path = path;
    this.problems = problems;
    for (NodeTuple entry : node.getValue()) {
      String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      if (entries.putIfAbsent(key, entry) != null) {
        note(entry.getKeyNode(), path + key, "is given twice");
      }
    }
  }

  /** The mapping under {@code key}; an empty one if there is none. */
  YamlMapping mapping(String key) {
    Node node = node(key);
    if (node instanceof MappingNode mapping) {
      return new YamlMapping(path + key + ".", mapping, problems);
    }
    if (node != null) {
      note(node, path + key, "is a mapping, with its own keys on the lines below");
    }
    MappingNode empty = new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK);
    return new YamlMapping(path + key + ".", empty, problems);
  }

  /** A text. */
  String text(String key, String orElse) {
    return value(key, Tag.STR, "is a text; put it into quotes", text -> text, orElse);
  }

  /** An absolute path. */
  Path path(String key, Path orElse) {
    return optionalPath(key).orElse(orElse);
  }

  /** An absolute path, if it is given. */
  Optional<Path> optionalPath(String key) {
    return Optional.ofNullable(
        this.<@Nullable Path>value(
            key, Tag.STR, "is a path", text -> absolute(text), /* orElse= */ null));
  }

  /** Where to listen or connect. */
  Address address(String key, Address orElse) {
    return value(key, Tag.STR, "is <host>:<port>", Address::parseListener, orElse);
  }

  /** A whole number from {@code least} to {@code most}. */
  int number(String key, int least, int most, int orElse) {
    String range =
        least == most ? "is " + least : "is a whole number from " + least + " to " + most;
    return value(
        key,
        Tag.INT,
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
        Tag.STR,
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
    return value(key, Tag.STR, needsUnit(orElse), text -> within(text, least, most), (Long) orElse);
  }

  /** A size in bytes from {@code least} to {@code most}, if it is given. */
  OptionalLong optionalBytes(String key, long least, long most) {
    return value(
        key,
        Tag.STR,
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
    NodeTuple entry = entries.get(key);
    if (entry == null) {
      problems.add(path + key + " " + problem);
    } else {
      note(entry.getKeyNode(), path + key, problem);
    }
  }

  /** Notes every key that nobody asked for. */
  void refuseUnknown() {
    entries.forEach((key, entry) -> {
      if (!known.contains(key)) {
        note(entry.getKeyNode(), path + key, "is unknown; near it are " + nearest(key));
      }
    });
  }

  private <T extends @Nullable Object> T value(
      String key, @Nullable Tag tag, String expected, Function<String, T> parser, T orElse) {
    Node node = node(key);
    if (node == null) {
      return orElse;
    }
    if (!(node instanceof ScalarNode scalar) || !(tag == null || node.getTag().equals(tag))) {
      String given = node instanceof ScalarNode scalar ? ", not " + scalar.getValue() : "";
      note(node, path + key, expected + given);
      return orElse;
    }
    try {
      return parser.apply(scalar.getValue());
    } catch (IllegalArgumentException e) {
      note(node, path + key, String.valueOf(e.getMessage()));
      return orElse;
    }
  }

  private @Nullable Node node(String key) {
    known.add(key);
    NodeTuple entry = entries.get(key);
    return entry == null ? null : entry.getValueNode();
  }

  private void note(Node node, String name, String problem) {
    problems.add(YamlFile.line(node.getStartMark()) + name + " " + problem);
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

  private static Path absolute(String text) {
    Path path = Path.of(text);
    check(path.isAbsolute(), text, "is an absolute path");
    return path.normalize();
  }

  private static String check(boolean isFine, String text, String expected) {
    if (!isFine) {
      throw new IllegalArgumentException(expected + ", not '" + text + "'");
    }
    return text;
  }
}
