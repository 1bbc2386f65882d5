package io.flocker.core.deploy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** When an image is fetched from its registry. */
public enum PullPolicy {
  /** Before each container is made. */
  ALWAYS("always"),
  /** If the engine does not have it. */
  MISSING("missing"),
  /** Never: who starts it has loaded it. */
  NEVER("never");

  private final String text;

  PullPolicy(String text) {
    this.text = text;
  }

  /**
   * Reads the word of one.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  @JsonCreator
  public static PullPolicy parse(String text) {
    return Words.parse("a pull policy", text, values());
  }

  @JsonValue
  @Override
  public String toString() {
    return text;
  }
}
