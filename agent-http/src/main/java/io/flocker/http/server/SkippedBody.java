package io.flocker.http.server;

import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;

/** What is left of a short body whose response is out already: read, so that the next can come. */
record SkippedBody(HttpConnection connection, ChannelFuture written) implements Exchange {
  @Override
  public void content(HttpContent content) {
    content.release();
    if (content instanceof LastHttpContent) {
      written.addListener(_ -> connection.next());
    }
  }

  @Override
  public void readComplete() {
    connection.read();
  }

  @Override
  public void disconnected(Throwable cause) {
    // Nobody waits for it.
  }
}
