package io.flocker.cli.command;

import io.flocker.core.config.Quantity;

/** The most that a volume may hold. */
record Quota(long bytes) {
  /** No limit. */
  private static final Quota NONE = new Quota(0);

  /**
   * Reads a size with its unit, or {@code none}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static Quota parse(String text) {
    return text.equals("none") ? NONE : new Quota(Quantity.bytes(text));
  }
}
