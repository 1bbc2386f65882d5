package io.flocker.core.deploy.format;

import io.flocker.core.yaml.YamlValue;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ${NAME}} and its like in the values of a file of Compose. One thread. */
final class Interpolation {
  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\$(?:(?<dollar>\\$)|(?<bare>[a-zA-Z_][a-zA-Z0-9_]*)"
              + "|\\{(?<name>[a-zA-Z_][a-zA-Z0-9_]*)(?:(?<sign>:?-)(?<otherwise>[^${}]*))?\\}"
              + "|(?<else>))");

  /** What all variables of a file may come to, in characters: some bytes can stand for many. */
  private static final int MOST = 1 << 20;

  private final Map<String, String> variables;
  private int left = MOST;

  Interpolation(Map<String, String> variables) {
    this.variables = variables;
  }

  /** A value with its variables replaced in all texts but keys; what cannot be is noted. */
  Field in(Field field) {
    return field.with(replaced(field, field.value()));
  }

  /**
   * A text with its variables replaced.
   *
   * @throws IllegalArgumentException if one is not set, or written in a form that is not read here
   */
  String in(String text) {
    return VARIABLE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(found)));
  }

  private YamlValue replaced(Field field, YamlValue value) {
    return switch (value) {
      case YamlValue.Scalar scalar -> {
        Field place = field.with(value);
        yield place
            .attempt(() -> in(scalar.text()))
            .<YamlValue>map(text -> new YamlValue.Scalar(scalar.line(), scalar.kind(), text))
            .orElse(value);
      }
      case YamlValue.Sequence sequence ->
          new YamlValue.Sequence(
              sequence.line(),
              sequence.values().stream().map(item -> replaced(field, item)).toList());
      case YamlValue.Mapping mapping ->
          new YamlValue.Mapping(
              mapping.line(),
              mapping.entries().stream()
                  .map(entry -> new YamlValue.Entry(entry.key(), replaced(field, entry.value())))
                  .toList());
    };
  }

  private String value(MatchResult found) {
    if (found.group("dollar") != null) {
      return "$";
    }
    String name = found.group("bare") == null ? found.group("name") : found.group("bare");
    if (name == null) {
      throw new IllegalArgumentException(
          "a variable is $NAME, ${NAME}, ${NAME:-otherwise} or ${NAME-otherwise}, and a dollar $$");
    }
    String sign = found.group("sign");
    String value = variables.get(name);
    if (value != null && !(value.isEmpty() && ":-".equals(sign))) {
      if (value.length() > left) {
        throw new IllegalArgumentException("the variables of the file are longer than 1 MiB");
      }
      left -= value.length();
      return value;
    }
    if (sign == null) {
      throw new IllegalArgumentException(
          "the variable " + name + " is not set; set it, or write ${" + name + ":-otherwise}");
    }
    return found.group("otherwise");
  }
}
