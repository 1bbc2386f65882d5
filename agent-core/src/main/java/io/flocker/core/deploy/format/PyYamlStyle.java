package io.flocker.core.deploy.format;

import java.util.regex.Pattern;

/** In which quotes PyYAML writes a text. */
enum PyYamlStyle {
  /** In none. */
  PLAIN,
  /** Within {@code '}. */
  SINGLE,
  /** Within {@code "}, with escapes. */
  DOUBLE;

  /** What is no text to a reader of YAML 1.1 unless it stands in quotes. */
  private static final Pattern NO_TEXT =
      Pattern.compile(
          "yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF"
              + "|~|null|Null|NULL|<<|=|!|&|\\*|"
              + "|[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+"
              + "|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+"
              + "|[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+][0-9]+)?|\\.[0-9_]+(?:[eE][-+][0-9]+)?"
              + "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*"
              + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)"
              + "|[0-9]{4}-[0-9]{2}-[0-9]{2}"
              + "|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \\t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}"
              + "(?:\\.[0-9]*)?(?:[ \\t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?");

  /** What a plain text does not begin with. */
  private static final Pattern OPENING =
      Pattern.compile("(?s)(?:[#,\\[\\]{}&*!|>'\"%@`]|---|\\.\\.\\.|[?:-](?:[ \\t\\r\\n]|$)).*");

  /** What a plain text has nowhere. */
  private static final Pattern INNER =
      Pattern.compile("(?s).+(?::(?:[ \\t\\r\\n]|$)|[ \\t\\r\\n]#).*");

  /** What a plain text within brackets has nowhere. */
  private static final Pattern IN_FLOW = Pattern.compile("(?s)[?:].*|.+[,?\\[\\]{}:].*");

  /** Spaces beside line ends would be lost, other characters be unreadable. */
  private static final Pattern ESCAPED = Pattern.compile("(?s).*(?: \\n|\\n |[^\\n -~]).*");

  /** Space at the ends, and line ends, would be lost. */
  private static final Pattern SPACED = Pattern.compile("(?s)[ \\n].*|.*[ \\n]|.*\\n.*");

  /**
   * The style of a text.
   *
   * @param isInFlow whether it stands within brackets
   * @param isKey whether it is a key that fits into a line
   */
  static PyYamlStyle of(String text, boolean isInFlow, boolean isKey) {
    boolean hasLines = text.indexOf('\n') >= 0;
    if (ESCAPED.matcher(text).matches() || (isKey && hasLines)) {
      return DOUBLE;
    }
    boolean isPlain =
        !NO_TEXT.matcher(text).matches()
            && !SPACED.matcher(text).matches()
            && !OPENING.matcher(text).matches()
            && !INNER.matcher(text).matches()
            && !(isInFlow && IN_FLOW.matcher(text).matches());
    return isPlain ? PLAIN : SINGLE;
  }
}
