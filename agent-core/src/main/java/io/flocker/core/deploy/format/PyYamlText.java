package io.flocker.core.deploy.format;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A document as PyYAML's {@code safe_dump} of 2014 wrote it, byte for byte: ASCII, keys sorted,
 * lines of about 80 characters, and what holds only scalars within one line. Consists of sorted
 * maps, lists, strings and integers. One thread, once.
 */
final class PyYamlText {
  private static final int WIDTH = 80;
  private static final int INDENT = 2;

  /** Of a key with its tag, beyond which it is written as {@code ? key}. */
  private static final int LONGEST_KEY = 128;

  private static final int TAG_LENGTH = "!!str".length();

  private static final Map<Integer, String> ESCAPES =
      Map.ofEntries(
          Map.entry(0x00, "0"),
          Map.entry(0x07, "a"),
          Map.entry(0x08, "b"),
          Map.entry(0x09, "t"),
          Map.entry(0x0a, "n"),
          Map.entry(0x0b, "v"),
          Map.entry(0x0c, "f"),
          Map.entry(0x0d, "r"),
          Map.entry(0x1b, "e"),
          Map.entry((int) '"', "\""),
          Map.entry((int) '\\', "\\"),
          Map.entry(0x85, "N"),
          Map.entry(0xa0, "_"),
          Map.entry(0x2028, "L"),
          Map.entry(0x2029, "P"));

  /** What ends a line for YAML 1.1; but for the first they are only ever written as escapes. */
  private static final String LINE_ENDS = "\n\u0085\u2028\u2029";

  private static final int LATIN = 0xff;
  private static final int BASIC = 0xffff;

  private final StringBuilder text = new StringBuilder();
  private int column;
  private int indent = -1;
  private int flowLevel;
  private boolean isAfterSpace = true;
  private boolean isAtIndent = true;

  private PyYamlText() {}

  /** The document, with a line's end. */
  static String of(SortedMap<String, ?> document) {
    PyYamlText writer = new PyYamlText();
    writer.node(document, /* isInMapping= */ false);
    writer.lineWith(0);
    return writer.text.toString();
  }

  private void node(Object value, boolean isInMapping) {
    switch (value) {
      case Map<?, ?> map -> mapping(map);
      case List<?> list -> sequence(list, isInMapping);
      default -> scalar(value, /* isKey= */ false);
    }
  }

  private void mapping(Map<?, ?> map) {
    boolean isFlow = flowLevel > 0 || map.values().stream().allMatch(PyYamlText::isScalar);
    int outer = increase(isFlow, /* isIndentless= */ false);
    if (isFlow) {
      open("{");
    }
    boolean isFirst = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      next(isFlow, isFirst);
      isFirst = false;
      String key = String.valueOf(entry.getKey());
      boolean isSimple =
          key.codePointCount(0, key.length()) + TAG_LENGTH < LONGEST_KEY
              && !key.isEmpty()
              && !isMultiline(key);
      if (isSimple) {
        scalar(key, /* isKey= */ true);
        indicator(":", false);
      } else {
        indicator("?", true, false, !isFlow);
        scalar(key, /* isKey= */ false);
        if (!isFlow || column > WIDTH) {
          lineWith(indent);
        }
        indicator(":", true, false, !isFlow);
      }
      node(entry.getValue(), /* isInMapping= */ true);
    }
    if (isFlow) {
      close("}");
    }
    indent = outer;
  }

  private void sequence(List<?> list, boolean isInMapping) {
    boolean isFlow = flowLevel > 0 || list.stream().allMatch(PyYamlText::isScalar);
    int outer = increase(isFlow, !isFlow && isInMapping && !isAtIndent);
    if (isFlow) {
      open("[");
    }
    boolean isFirst = true;
    for (Object item : list) {
      next(isFlow, isFirst);
      isFirst = false;
      if (!isFlow) {
        indicator("-", true, false, true);
      }
      node(item, /* isInMapping= */ false);
    }
    if (isFlow) {
      close("]");
    }
    indent = outer;
  }

  private void open(String bracket) {
    indicator(bracket, true, true, false);
    flowLevel++;
  }

  private void close(String bracket) {
    flowLevel--;
    indicator(bracket, false);
  }

  private void next(boolean isFlow, boolean isFirst) {
    if (isFlow && !isFirst) {
      indicator(",", false);
    }
    if (!isFlow || column > WIDTH) {
      lineWith(indent);
    }
  }

  private int increase(boolean isFlow, boolean isIndentless) {
    int outer = indent;
    if (indent < 0) {
      indent = isFlow ? INDENT : 0;
    } else if (!isIndentless) {
      indent += INDENT;
    }
    return outer;
  }

  private void scalar(Object value, boolean isKey) {
    int outer = increase(/* isFlow= */ true, /* isIndentless= */ false);
    if (value instanceof String string) {
      switch (PyYamlStyle.of(string, flowLevel > 0, isKey)) {
        case PLAIN -> plain(string, !isKey);
        case SINGLE -> single(string, !isKey);
        case DOUBLE -> quoted(string.codePoints().toArray(), !isKey);
      }
    } else {
      plain(String.valueOf(value), /* mayBreak= */ false);
    }
    indent = outer;
  }

  private void plain(String string, boolean mayBreak) {
    if (!isAfterSpace) {
      write(" ");
    }
    isAfterSpace = false;
    isAtIndent = false;
    words(string, mayBreak, /* isQuoted= */ false);
  }

  private void single(String string, boolean mayBreak) {
    indicator("'", true);
    words(string, mayBreak, /* isQuoted= */ true);
    indicator("'", false);
  }

  /** Runs of spaces, of line ends and of the rest; a single space may become a line's end. */
  private void words(String string, boolean mayBreak, boolean isQuoted) {
    int start = 0;
    while (start < string.length()) {
      int end = start + 1;
      int kind = kind(string.charAt(start));
      while (end < string.length() && kind(string.charAt(end)) == kind) {
        end++;
      }
      boolean isInner = !isQuoted || (start != 0 && end != string.length());
      if (kind == ' ' && start + 1 == end && column > WIDTH && mayBreak && isInner) {
        lineWith(indent);
        isAfterSpace = false;
        isAtIndent = false;
      } else if (kind == '\n') {
        if (string.charAt(start) == '\n') {
          lineEnd();
        }
        for (int i = start; i < end; i++) {
          lineEnd();
        }
        lineWith(indent);
      } else {
        write(
            isQuoted
                ? string.substring(start, end).replace("'", "''")
                : string.substring(start, end));
      }
      start = end;
    }
  }

  private static int kind(char c) {
    return c == ' ' || c == '\n' ? c : 'x';
  }

  private void quoted(int[] points, boolean mayBreak) {
    indicator("\"", true);
    int start = 0;
    for (int end = 0; end <= points.length; end++) {
      int point = end < points.length ? points[end] : -1;
      if (point < ' ' || point > '~' || point == '"' || point == '\\') {
        write(new String(points, start, end - start));
        start = end;
        if (point >= 0) {
          write(escape(point));
          start = end + 1;
        }
      }
      boolean isInner = 0 < end && end < points.length - 1;
      if (isInner && mayBreak && (point == ' ' || start >= end) && column + (end - start) > WIDTH) {
        write(new String(points, start, Math.max(0, end - start)) + "\\");
        start = Math.max(start, end);
        lineWith(indent);
        isAfterSpace = false;
        isAtIndent = false;
        if (points[start] == ' ') {
          write("\\");
        }
      }
    }
    indicator("\"", false);
  }

  private static String escape(int point) {
    String known = ESCAPES.get(point);
    if (known != null) {
      return "\\" + known;
    }
    if (point <= LATIN) {
      return "\\x%02X".formatted(point);
    }
    return point <= BASIC ? "\\u%04X".formatted(point) : "\\U%08X".formatted(point);
  }

  private void indicator(String sign, boolean needsSpace) {
    indicator(sign, needsSpace, false, false);
  }

  private void indicator(String sign, boolean needsSpace, boolean isSpace, boolean isIndent) {
    write(isAfterSpace || !needsSpace ? sign : " " + sign);
    isAfterSpace = isSpace;
    isAtIndent = isAtIndent && isIndent;
  }

  private void lineWith(int spaces) {
    if (!isAtIndent || column > spaces || (column == spaces && !isAfterSpace)) {
      lineEnd();
    }
    if (column < spaces) {
      isAfterSpace = true;
      write(" ".repeat(spaces - column));
    }
  }

  private void lineEnd() {
    text.append('\n');
    column = 0;
    isAfterSpace = true;
    isAtIndent = true;
  }

  private void write(String part) {
    text.append(part);
    column += part.length();
  }

  private static boolean isScalar(Object value) {
    return !(value instanceof Map) && !(value instanceof List);
  }

  private static boolean isMultiline(String key) {
    return key.chars().anyMatch(c -> LINE_ENDS.indexOf(c) >= 0);
  }
}
