package io.flocker.cli.console;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** JSON documents as YAML 1.2 (core schema) for people; nothing in it moves a terminal. */
public final class YamlText {
  private static final String STEP = "  ";

  /** What can be read as nothing but a text, without quotes. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./@+-]*");

  /** Those that YAML 1.1 takes for something else too. */
  private static final Set<String> WORDS =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  private final StringBuilder text = new StringBuilder();

  private YamlText() {}

  /** The lines of a document, without the last line's end. */
  public static String of(JsonNode document) {
    YamlText yaml = new YamlText();
    yaml.value(document, "", "");
    return yaml.text.toString().strip();
  }

  /**
   * Writes what stands behind a key or a dash.
   *
   * @param first between that and a value that has lines of its own
   * @param indent before all but the first of these
   */
  private void value(JsonNode value, String first, String indent) {
    if (value.isObject() && !value.isEmpty()) {
      String before = first;
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        text.append(before).append(scalar(member.getKey())).append(':');
        boolean isList = member.getValue().isArray();
        value(
            member.getValue(), "\n" + indent + (isList ? "" : STEP), indent + (isList ? "" : STEP));
        before = "\n" + indent;
      }
    } else if (value.isArray() && !value.isEmpty()) {
      String before = first;
      for (JsonNode element : value) {
        text.append(before).append('-');
        value(element, " ", indent + STEP);
        before = "\n" + indent;
      }
    } else {
      text.append(' ').append(value.isString() ? scalar(value.stringValue()) : value.toString());
    }
  }

  private static String scalar(String text) {
    boolean isPlain =
        PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT));
    return isPlain ? text : quoted(text);
  }

  /** YAML 1.2, section 5.7. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(point -> {
          if (point == '"' || point == '\\') {
            quoted.append('\\').appendCodePoint(point);
          } else if (point == '\n') {
            quoted.append("\\n");
          } else if (PlainText.isShown(point)) {
            quoted.appendCodePoint(point);
          } else {
            quoted.append("\\U%08x".formatted(point));
          }
        });
    return quoted.append('"').toString();
  }
}
