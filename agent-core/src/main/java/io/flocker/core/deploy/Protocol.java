package io.flocker.core.deploy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What is spoken at a port. */
public enum Protocol {
  /** Streams. */
  TCP("tcp"),
  /** Datagrams. */
  UDP("udp");

  private final String text;

  Protocol(String text) {
    this.text = text;
  }

  /**
   * Reads {@code tcp} or {@code udp}.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  @JsonCreator
  public static Protocol parse(String text) {
    return Words.parse("a protocol", text, values());
  }

  @JsonValue
  @Override
  public String toString() {
    return text;
  }
}
