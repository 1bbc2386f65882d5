package io.flocker.cli.command;

import io.flocker.core.config.Quantity;

/** The most that a volume may hold. */
record Quota(long bytes) {
  /**
   * Reads a size with its unit.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Quota parse(String text) {
    return new Quota(Quantity.bytes(text));
  }
}
