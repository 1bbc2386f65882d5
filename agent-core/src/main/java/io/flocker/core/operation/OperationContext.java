package io.flocker.core.operation;

import io.flocker.core.failure.FailureException;
import java.util.UUID;

/** What an operation's body tells the world, and hears from it. Any thread may call. */
public interface OperationContext {
  /** The operation's id. */
  UUID id();

  /**
   * Says what comes next.
   *
   * @param name for people, such as {@code sending}
   * @throws FailureException {@code CANCELLED} if somebody wants the operation to end
   */
  void phase(String name) throws FailureException;

  /**
   * Says how far the present stream is; never blocks, event loops may call it.
   *
   * @param estimateBytes the stream's whole length; 0 and below mean unknown
   */
  void progress(long bytes, long estimateBytes);

  /** Whether nobody waits for it, so that it may go as slowly as policies have it. */
  default boolean isInBackground() {
    return false;
  }

  /** Says what is waited for from now on, finer than {@link #phase}; never blocks. */
  default void waitsFor(Wait what) {}

  /**
   * Says where the bytes of the present stream are; never blocks.
   *
   * @param sentBytes that have left this node
   * @param takenBytes that the peer's ZFS has taken, as far as the peer has said
   */
  default void moved(long sentBytes, long takenBytes) {}

  /**
   * Wants to be told when the operation is cancelled, to end what it waits for; at once if it was.
   * One hook at a time: the next one replaces it.
   *
   * @param hook may be called by any thread; it does not block
   */
  void onCancel(Runnable hook);

  /**
   * Says that from here on there is only forward.
   *
   * @throws FailureException {@code CANCELLED} if somebody wanted it to end before: then nothing
   *     may be committed
   */
  void pastCommit() throws FailureException;
}
