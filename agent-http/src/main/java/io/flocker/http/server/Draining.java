package io.flocker.http.server;

/** The event that tells a connection to end with the request that it serves. */
enum Draining {
  STARTED
}
