package io.flocker.transfer.push;

import io.flocker.core.failure.FailureException;
import io.flocker.core.operation.OperationContext;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets so many streams leave this node at once; who comes later waits, in order. Any thread may
 * call.
 */
final class SendPermits {
  private static final long LOOK_MILLIS = 200;

  private final Semaphore free;

  SendPermits(int limit) {
    this.free = new Semaphore(limit, true);
  }

  /**
   * Waits for a permit.
   *
   * @throws FailureException {@code CANCELLED} if the operation was, meanwhile
   */
  void take(OperationContext context) throws FailureException, InterruptedException {
    while (!free.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      context.phase("queued");
    }
  }

  void giveBack() {
    free.release();
  }
}
