package io.flocker.http.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Map;

/**
 * A request whose head the peer has accepted with 100 (Continue), and whose chunked body is ours to
 * write. On its event loop only.
 */
public interface Upload {
  /** The connection's event loop. Any thread. */
  EventLoop eventLoop();

  /** Whether the peer keeps up: below the high watermark. */
  boolean isWritable();

  /** Writes and flushes the next bytes as one chunk; takes their release. */
  void write(ByteBuf bytes);

  /** Ends the body with its last chunk and these trailers, which the head has announced. */
  void finish(Map<String, String> trailers);

  /**
   * Closes the connection without a last chunk: the peer sees that the body is not whole. The
   * listener hears nothing after it. Idempotent.
   */
  void abort();
}
