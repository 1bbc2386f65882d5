package io.flocker.core.event;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an event is in the order of all events.
 *
 * @param era one run of the daemon: nothing is known of the events of another one
 * @param sequence counts an era's events from 1; 0 is before all of them
 */
public record EventId(String era, long sequence) {
  private static final Pattern TEXT = Pattern.compile("([0-9a-f]{16})-(0|[1-9][0-9]{0,17})");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** An era that never was before. */
  static String freshEra() {
    return HexFormat.of().toHexDigits(RANDOM.nextLong());
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static EventId parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not the id of an event");
    }
    return new EventId(matcher.group(1), Long.parseLong(matcher.group(2)));
  }

  @Override
  public String toString() {
    return era + "-" + sequence;
  }
}
