package io.flocker.core.notify;

import java.time.Instant;

/**
 * What somebody was told last.
 *
 * @param at when
 */
public record Told(String state, Instant at) {
  /** What is kept while somebody is told: a daemon that finds it does not know whether he was. */
  private static final String BEING_TOLD = "being-told";

  /** It is about to be told. */
  static Told unsure(Instant now) {
    return new Told(BEING_TOLD, now);
  }

  /** Whether nobody knows what was told last. */
  boolean isUnsure() {
    return state.equals(BEING_TOLD);
  }
}
