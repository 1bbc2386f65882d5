package io.flocker.http.server;

import io.netty.handler.codec.http.HttpContent;

/** One request after its head, until its response. On the connection's event loop only. */
sealed interface Exchange permits ServedEvents, ServedJson, ServedStream, SkippedBody {
  /** Takes the next part of the body and its release; the last one ends it. */
  void content(HttpContent content);

  /** One read from the socket has brought all that it brings, and the body goes on. */
  void readComplete();

  /** The socket takes more again, or no more. */
  default void writable() {}

  /** The server closes: an exchange that would not end by itself ends now. */
  default void draining() {}

  /** The connection ended before the response was complete. */
  void disconnected(Throwable cause);
}
