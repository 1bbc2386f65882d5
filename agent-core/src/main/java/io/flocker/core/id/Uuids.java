package io.flocker.core.id;

import java.util.UUID;

/** The one strict reading of a uuid: {@link UUID#fromString} takes "1-1-1-1-1" too. */
public final class Uuids {
  private Uuids() {}

  /**
   * Parses a lower-case uuid with dashes.
   *
   * @param what what the uuid names, for the message
   * @throws IllegalArgumentException if {@code text} is anything else
   */
  public static UUID parse(String what, String text) {
    try {
      UUID uuid = UUID.fromString(text);
      if (uuid.toString().equals(text)) {
        return uuid;
      }
    } catch (IllegalArgumentException _) {
      // Said below, in one form.
    }
    throw new IllegalArgumentException(
        "a " + what + " is a lower-case uuid with dashes, not '" + text + "'");
  }
}
