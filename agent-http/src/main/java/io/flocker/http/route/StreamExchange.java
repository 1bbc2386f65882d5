package io.flocker.http.route;

import io.flocker.core.failure.FailureException;
import io.flocker.core.identity.Principal;
import io.netty.channel.EventLoop;
import java.util.Map;

/**
 * One request with a streamed body, and its response. On its event loop only, unless said
 * otherwise.
 */
public interface StreamExchange {
  /** Who sends. Any thread. */
  Principal caller();

  /** The path template's variables, decoded. Any thread. */
  Map<String, String> variables();

  /** Request headers by lower-case name. Any thread. */
  Map<String, String> headers();

  /** The connection's event loop. Any thread. */
  EventLoop eventLoop();

  /** Asks for one more read from the socket. */
  void read();

  /** Writes an interim 102 (Processing) with these headers (RFC 2518, section 10.1). */
  void interim(Map<String, String> headers);

  /**
   * Writes the final response, a JSON body. Before the body's end this stops the upload: the rest
   * is read and discarded until the end, 2 s or 8 MiB, whichever is first, then the connection
   * closes.
   */
  void respond(int status, Object body);

  /** Writes the failure's problem document as the final response; see {@link #respond}. */
  void fail(FailureException failure);
}
