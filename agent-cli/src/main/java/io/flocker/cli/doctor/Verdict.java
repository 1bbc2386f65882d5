package io.flocker.cli.doctor;

import com.fasterxml.jackson.annotation.JsonValue;

/** How bad it is. */
public enum Verdict {
  /** Nothing to do. */
  OK("ok"),

  /** Something may not work, or not everything. */
  WARNING("warning"),

  /** Something does not work. */
  FAILURE("failure");

  private final String word;

  Verdict(String word) {
    this.word = word;
  }

  @JsonValue
  @Override
  public String toString() {
    return word;
  }
}
