package io.flocker.http.net;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import java.util.HashMap;
import java.util.Map;

/**
 * A scarce resource, such as heap, that all callers share; one caller may have half of it at most.
 * It is paid for before it is taken, so that neither many requests nor one caller alone use it up.
 * Any thread may call.
 */
public final class SharedBudget {
  /**
   * How a caller is told that it gets no more.
   *
   * @param own where the caller's own share is spent
   * @param ownSpent the detail of that, a format for the caller's name
   * @param all where nothing is left for anybody
   * @param allSpent the detail of that
   */
  public record Refusals(Failure own, String ownSpent, Failure all, String allSpent) {}

  private final long total;
  private final long share;
  private final Refusals refusals;
  private final Map<String, Long> byCaller = new HashMap<>();
  private long taken;

  /**
   * A budget of which nothing is taken.
   *
   * @param total of all callers together: bytes, or a number
   */
  public SharedBudget(long total, Refusals refusals) {
    this.total = total;
    this.share = Math.ceilDiv(total, 2);
    this.refusals = refusals;
  }

  /** Begins to pay for one thing; the caller of this closes the payment. */
  public Payment begin(String caller) {
    return new Payment(caller);
  }

  /** What is paid for at this moment. */
  public synchronized long taken() {
    return taken;
  }

  private synchronized void take(String caller, long amount) throws FailureException {
    long own = byCaller.getOrDefault(caller, 0L) + amount;
    if (own > share) {
      throw refusals.own().because(refusals.ownSpent().formatted(caller));
    }
    if (taken + amount > total) {
      throw refusals.all().because(refusals.allSpent());
    }
    byCaller.put(caller, own);
    taken += amount;
  }

  private synchronized void giveBack(String caller, long amount) {
    taken -= amount;
    byCaller.computeIfPresent(caller, (_, own) -> own > amount ? own - amount : null);
  }

  /** What one thing has cost so far. One thread at a time. */
  public final class Payment implements AutoCloseable {
    private final String caller;
    private long paid;

    private Payment(String caller) {
      this.caller = caller;
    }

    /**
     * Pays for more.
     *
     * @throws FailureException the budget's refusal; what was paid before stays paid
     */
    public void pay(long amount) throws FailureException {
      take(caller, amount);
      paid += amount;
    }

    /**
     * Pays for more, or gives back, until exactly {@code amount} is paid for.
     *
     * @throws FailureException as {@link #pay}
     */
    public void payExactly(long amount) throws FailureException {
      if (amount > paid) {
        pay(amount - paid);
      } else if (amount < paid) {
        giveBack(paid - amount);
      }
    }

    /** Gives a part back. */
    public void giveBack(long amount) {
      SharedBudget.this.giveBack(caller, amount);
      paid -= amount;
    }

    /** Gives all of it back; idempotent. */
    @Override
    public void close() {
      if (paid > 0) {
        giveBack(paid);
      }
    }
  }
}
