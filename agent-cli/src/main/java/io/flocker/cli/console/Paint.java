package io.flocker.cli.console;

import java.util.Map;

/**
 * Colours for whoever watches and wants them (ECMA-48, section 8.3.117).
 *
 * @param isOn whether there are any
 */
public record Paint(boolean isOn) {
  private static final String ALARMING = "\033[31m";
  private static final String STRONG = "\033[1m";
  private static final String FAINT = "\033[2m";
  private static final String USUAL = "\033[0m";

  /**
   * That of a terminal; none elsewhere, and none where {@code NO_COLOR} is anything but empty
   * (no-color.org).
   *
   * @param variables the environment
   */
  public static Paint of(Terminal terminal, Map<String, String> variables) {
    return new Paint(
        terminal.interactive()
            && variables.getOrDefault("NO_COLOR", "").isEmpty()
            && !variables.getOrDefault("TERM", "").equals("dumb"));
  }

  /** What somebody should look at. */
  public String alarming(String text) {
    return in(ALARMING, text);
  }

  /** What leads the eye. */
  public String strong(String text) {
    return in(STRONG, text);
  }

  /** What is only there to be found. */
  public String faint(String text) {
    return in(FAINT, text);
  }

  private String in(String colour, String text) {
    return isOn ? colour + text + USUAL : text;
  }
}
