package io.flocker.http.server;

/** The event that tells a connection to end with the request that it serves. */
enum Ending {
  /** The server closes. */
  SERVER_CLOSES,
  /** There are too many connections: one without a request ends at once. */
  MAKES_WAY
}
