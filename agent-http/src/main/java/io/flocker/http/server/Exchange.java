package io.flocker.http.server;

import io.netty.handler.codec.http.HttpContent;

/** One request after its head, until its response. On the connection's event loop only. */
sealed interface Exchange permits ServedJson, ServedStream, SkippedBody {
  /** Takes the next part of the body and its release; the last one ends it. */
  void content(HttpContent content);

  /** One read from the socket has brought all that it brings, and the body goes on. */
  void readComplete();

  /** The connection ended before there was a response. */
  void disconnected(Throwable cause);
}
