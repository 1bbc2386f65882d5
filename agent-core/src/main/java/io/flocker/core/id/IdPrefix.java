package io.flocker.core.id;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The beginning of an id, by which people name what has one: a lower-case uuid cut short.
 *
 * @param text {@value #MIN_LENGTH} to 36 characters, hexadecimal digits and dashes
 */
public record IdPrefix(String text) {
  /** Fewer characters would soon mean several things. */
  public static final int MIN_LENGTH = 4;

  private static final Pattern FORM = Pattern.compile("[0-9a-f-]{" + MIN_LENGTH + ",36}");

  /** What {@code text} may be the beginning of an id as; empty if it cannot be one. */
  public static Optional<IdPrefix> of(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new IdPrefix(text)) : Optional.empty();
  }

  /**
   * Whether that id begins so.
   *
   * @param id one that is written as a uuid
   */
  public boolean begins(Object id) {
    return id.toString().startsWith(text);
  }
}
