package io.flocker.core.id;

import java.time.Instant;
import java.util.UUID;

/** Uuids of an order, and the one strict reading: {@link UUID#fromString} takes "1-1-1-1-1" too. */
public final class Uuids {
  private static final int TIME_SHIFT = 16;
  private static final long VERSION_7 = 0x7000;
  private static final long RANDOM_A = 0x0fff;

  private Uuids() {}

  /**
   * Makes one that sorts by {@code time}, with 74 random bits that nobody guesses (RFC 9562 §5.7):
   * those of one moment lie together on the disk.
   */
  public static UUID at(Instant time) {
    UUID random = UUID.randomUUID();
    long tail = random.getMostSignificantBits() & RANDOM_A;
    long bits = (time.toEpochMilli() << TIME_SHIFT) | VERSION_7 | tail;
    return new UUID(bits, random.getLeastSignificantBits());
  }

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
