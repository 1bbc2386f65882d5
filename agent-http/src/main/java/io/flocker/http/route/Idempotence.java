package io.flocker.http.route;

/** What comes of sending the same request again. */
public enum Idempotence {
  /** Nothing is changed by it, not even the first time. */
  SAFE,
  /** The same as of sending it once. */
  SAME,
  /** The same as of sending it once, if it bears its {@code Idempotency-Key} each time. */
  SAME_WITH_KEY,
  /** The thing is done again, or refused. */
  AGAIN
}
