package io.flocker.http.peer;

import io.flocker.core.failure.FailureException;
import io.flocker.http.net.SharedBudget;
import java.nio.ByteBuffer;
import java.util.Map;

/** One request to a peer, until its response. On the connection's event loop only. */
sealed interface PeerExchange permits PendingCall, LiveUpload {
  PeerAddress peer();

  /** Whether nobody waits for it any more. */
  boolean isOver();

  /** Writes the request. */
  void begin(PeerConnection connection);

  /** 100 (Continue) came. */
  void proceed();

  /** Another interim response came. */
  void interim(Map<String, String> headers);

  /** The socket takes more, or no more for now. */
  void writabilityChanged();

  /** Whether the request has been written whole, so that the connection can serve again. */
  boolean isWhole();

  /**
   * The final response came.
   *
   * @param payment for the body, to be closed when nobody needs that any more
   */
  void response(int status, ByteBuffer body, SharedBudget.Payment payment);

  /**
   * The connection was lost, or never was.
   *
   * @param isStale whether it had served before and was lost without a single byte of an answer:
   *     the peer has closed it just then, and has probably never seen this request
   */
  void lost(FailureException failure, boolean isStale);
}
