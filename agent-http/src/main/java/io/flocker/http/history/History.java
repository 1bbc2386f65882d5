package io.flocker.http.history;

import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * The last hour of a node: a sample for every {@link #STEP}, and no more than fit into the hour.
 * Times are reckoned back from now, so that setting the clock moves all samples alike. Where a
 * virtual machine was paused, or goes on from saved memory, nobody knows for how long it stood:
 * samples from before look younger than they are. Any thread.
 */
public final class History {
  /** Between two looks. */
  public static final Duration STEP = Duration.ofSeconds(10);

  private static final Duration KEPT = Duration.ofHours(1);
  private static final int MOST = Math.toIntExact(KEPT.dividedBy(STEP));

  /** Over a shorter time a few bytes would look like a high rate. */
  private static final Duration LEAST = STEP.dividedBy(2);

  private static final double NANOS = 1e9;

  private final InstantSource clock;
  private final LongSupplier nanos;
  private final long begun;
  private final Deque<Taken> taken = new ArrayDeque<>(MOST + 1);
  private Look before;
  private long beforeNanos;

  private record Taken(long nanos, Look look, long receivedPerSecond, long sentPerSecond) {}

  /**
   * One that begins now.
   *
   * @param nanos tells the time that nobody sets, and that goes on while the machine is suspended
   * @param first what is seen now; rates are told from the next look on
   */
  public History(InstantSource clock, LongSupplier nanos, Look first) {
    this.clock = clock;
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
    this.before = first;
    this.beforeNanos = begun;
  }

  /** Takes up what is seen now, unless a look was taken just before; the oldest makes way. */
  public synchronized void note(Look now) {
    long nowNanos = nanos.getAsLong();
    long passed = nowNanos - beforeNanos;
    if (passed < LEAST.toNanos()) {
      return;
    }
    double seconds = passed / NANOS;
    taken.addLast(
        new Taken(
            nowNanos,
            now,
            perSecond(now.receivedBytes() - before.receivedBytes(), seconds),
            perSecond(now.sentBytes() - before.sentBytes(), seconds)));
    if (taken.size() > MOST) {
      Taken _ = taken.removeFirst();
    }
    before = now;
    beforeNanos = nowNanos;
  }

  /** All that is kept. */
  public synchronized HistoryDocument document() {
    Instant now = clock.instant();
    long nowNanos = nanos.getAsLong();
    return new HistoryDocument(
        at(begun, nowNanos, now),
        STEP.toSeconds(),
        taken.stream()
            .filter(one -> nowNanos - one.nanos() <= KEPT.toNanos())
            .map(one ->
                new HistoryDocument.Sample(
                    at(one.nanos(), nowNanos, now),
                    one.receivedPerSecond(),
                    one.sentPerSecond(),
                    one.look().lagSeconds(),
                    one.look().copies(),
                    one.look().notCurrent()))
            .toList());
  }

  /** The route, to be served. */
  public Route route() {
    return JsonRoute.get("getHistory", "/v1/history")
        .permits("node:read", Route.PUBLIC)
        .summary("Show the last hour")
        .description(
            "How fast the node received and sent, and how far the copies at its peers were behind:"
                + " a sample every ten seconds since the daemon's start, of one hour at most. Where"
                + " more time lies between two of them, nothing is known of it. A virtual machine"
                + " that goes on after a pause cannot tell how long that was: what was before it is"
                + " told as if it had not been. It is answered while the pool is away, too.")
        .answers("history")
        .servedBy(_ -> JsonResponse.ok(document()));
  }

  private static Instant at(long then, long nowNanos, Instant now) {
    return now.minusNanos(nowNanos - then).truncatedTo(ChronoUnit.MILLIS);
  }

  private static long perSecond(long bytes, double seconds) {
    return Math.max(0, Math.round(bytes / seconds));
  }
}
