package io.flocker.core.deploy.format;

import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Published ports of a service of Compose, in their short and their long form. */
final class ComposePorts {
  private static final String RANGE = "([0-9]{1,5})(?:-([0-9]{1,5}))?";
  private static final Pattern SHORT = Pattern.compile(RANGE + ":" + RANGE + "(?:/(tcp|udp))?");
  private static final int MOST = 1_000;

  private ComposePorts() {}

  /** The ports of one entry; none if something is wrong, which is noted. */
  static List<Port> read(Field field) {
    if (field.isMapping()) {
      return mapped(field.mapping()).stream().toList();
    }
    return field.word(ComposePorts::parse).orElse(List.of());
  }

  private static Optional<Port> mapped(Fields fields) {
    OptionalInt internal = port(fields, "target");
    OptionalInt external = port(fields, "published");
    Protocol protocol =
        fields.find("protocol").flatMap(field -> field.text(Protocol::parse)).orElse(Protocol.TCP);
    fields.refuseUnknown();
    return internal.isPresent() && external.isPresent()
        ? Optional.of(new Port(internal.getAsInt(), external.getAsInt(), protocol))
        : Optional.empty();
  }

  private static OptionalInt port(Fields fields, String key) {
    OptionalLong number =
        fields.require(key).map(field -> field.digits(1, Port.MAX)).orElse(OptionalLong.empty());
    return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
  }

  private static List<Port> parse(String text) {
    Matcher matcher = SHORT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a port is '<external>:<internal>', with /udp if it is, and answers on every node: not '"
              + text
              + "'");
    }
    int external = number(matcher, 1, 1);
    int internal = number(matcher, 3, 3);
    int count = number(matcher, 4, 3) - internal;
    if (count != number(matcher, 2, 1) - external || count < 0 || count >= MOST) {
      throw new IllegalArgumentException(
          "two ranges of ports are of one length, at most " + MOST + ": not '" + text + "'");
    }
    Protocol protocol = matcher.group(5) == null ? Protocol.TCP : Protocol.parse(matcher.group(5));
    List<Port> ports = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      ports.add(new Port(internal + i, external + i, protocol));
    }
    return ports;
  }

  private static int number(Matcher matcher, int group, int otherwise) {
    String text = matcher.group(group);
    return Integer.parseInt(text == null ? matcher.group(otherwise) : text);
  }
}
