package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import java.util.HashMap;
import java.util.Map;

/**
 * The heap that the bodies of requests may take together, and each caller's share of it. It is paid
 * for before it is taken, so that no number of bodies, and no caller alone, fills the heap. Any
 * thread may call.
 */
final class BodyBudget {
  private final long total;
  private final long share;
  private final Map<String, Long> byCaller = new HashMap<>();
  private long taken;

  /**
   * A budget of which nothing is taken.
   *
   * @param total bytes of all bodies together
   * @param share bytes of one caller's
   */
  BodyBudget(long total, long share) {
    this.total = total;
    this.share = share;
  }

  /** The budget of a server: half of it for one caller. */
  static BodyBudget of(HttpsServerSettings.Limits limits) {
    return new BodyBudget(limits.bodyBudgetBytes(), limits.bodyBudgetBytes() / 2);
  }

  /** Begins to pay for one body; whoever does closes the payment. */
  Payment begin(String caller) {
    return new Payment(caller);
  }

  /** Bytes that are paid for at this moment. */
  synchronized long taken() {
    return taken;
  }

  private synchronized void take(String caller, long bytes) throws FailureException {
    long own = byCaller.getOrDefault(caller, 0L) + bytes;
    if (own > share) {
      throw RequestFailure.NO_ROOM_FOR_BODY.because(
          "The bodies of " + caller + " take as much room as one caller may have at once.");
    }
    if (taken + bytes > total) {
      throw RequestFailure.NO_ROOM_FOR_BODY.because(
          "The bodies of all callers take as much room as there is for them.");
    }
    byCaller.put(caller, own);
    taken += bytes;
  }

  private synchronized void giveBack(String caller, long bytes) {
    taken -= bytes;
    byCaller.computeIfPresent(caller, (_, own) -> own > bytes ? own - bytes : null);
  }

  /** What one body has cost so far. One thread at a time. */
  final class Payment implements AutoCloseable {
    private final String caller;
    private long paid;

    private Payment(String caller) {
      this.caller = caller;
    }

    /**
     * Pays for more.
     *
     * @throws FailureException {@code NO_ROOM_FOR_BODY}; what was paid before stays paid
     */
    void pay(long bytes) throws FailureException {
      take(caller, bytes);
      paid += bytes;
    }

    /** Gives a part back. */
    void giveBack(long bytes) {
      BodyBudget.this.giveBack(caller, bytes);
      paid -= bytes;
    }

    /** Gives all of it back; idempotent. */
    @Override
    public void close() {
      giveBack(paid);
    }
  }
}
