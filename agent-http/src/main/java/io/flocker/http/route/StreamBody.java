package io.flocker.http.route;

import io.netty.buffer.ByteBuf;
import java.util.Map;

/**
 * Where the request body of one stream goes. Called on the exchange's event loop only; after {@link
 * #aborted}, or once the exchange has its response, nothing more is called but {@link #aborted}.
 */
public interface StreamBody {
  /**
   * Takes the next bytes and their release; several may come for one {@link StreamExchange#read}.
   */
  void content(ByteBuf bytes);

  /**
   * One read from the socket has brought all that it brings; ask for the next when there is room.
   */
  void readComplete();

  /**
   * The body has ended with its last chunk.
   *
   * @param trailers those that the head has announced, by lower-case name; empty where none came
   */
  void last(Map<String, String> trailers);

  /** The connection ended before the response was written; releases everything. Idempotent. */
  void aborted(Throwable cause);
}
