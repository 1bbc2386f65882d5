package io.flocker.transfer.stream;

import io.flocker.core.failure.FailureException;
import io.flocker.core.stream.StreamInspector;

/**
 * What a node does about one stream that it receives. But for {@link #inspector} and {@link
 * #progress} everything is called on a virtual thread, one call at a time, and may block; the
 * peer's heartbeat goes on meanwhile.
 */
public interface Reception extends ChildStarter {
  /** What judges the stream; asked for once, then used on the event loop only. */
  StreamInspector inspector();

  /** Whether the sender has to vouch for the stream with a {@link io.flocker.core.stream.Proof}. */
  default boolean isProofRequired() {
    return true;
  }

  /** Whether the sender says now and then that its child is at work, while that brings nothing. */
  default boolean isSenderHeard() {
    return false;
  }

  /** How many bytes have come so far. On the event loop, once for each read of the socket. */
  void progress(long bytes);

  /**
   * The child was given the whole stream, proven where that is required, and has to end now. On the
   * event loop, at most once.
   */
  default void given() {}

  /**
   * The stream was proven, where that is required, and the child has taken it whole and ended with
   * success. Called at most once, and even if the sender has gone away meanwhile: it asks again.
   *
   * @return the JSON body of the response, 200
   * @throws FailureException when what is there now is not what was announced; this is the answer
   *     then, and {@link #failed} is not called
   */
  Object received(Received stream) throws FailureException;

  /**
   * The stream failed, and the child has ended. Called at most once, after which {@link #received}
   * is not.
   *
   * @param why holds the member {@code receiver} where a child ran, and {@code sender} where the
   *     sender told of its own
   * @return what to answer: {@code why}, perhaps with more members
   */
  FailureException failed(FailureException why);
}
