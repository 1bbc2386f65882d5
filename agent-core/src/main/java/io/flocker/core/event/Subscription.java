package io.flocker.core.event;

import io.flocker.core.identity.Principal;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.SpscArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What one listener gets. The hub's thread fills it, one other thread empties it: everything public
 * is for that one, and does not wait.
 */
public final class Subscription implements AutoCloseable {
  private final EventHub hub;
  private final EventFilter filter;
  private final EventLimits limits;
  private final Runnable ready;
  private final SpscArrayQueue<Entry> queue;
  private final AtomicLong queuedLength = new AtomicLong();

  /** How far the hub has looked: all up to here that is for this listener was queued. */
  private volatile long scanned;

  private volatile boolean isFull;
  private volatile boolean isLagging;
  private volatile boolean isClosed;

  /** The listener's own: all up to here it has got. */
  private long got;

  /** The hub's own: why events may be missing before the first one. */
  private @Nullable String missing;

  /** The hub's own: whether it once was up to date. */
  private boolean isCaughtUp;

  /** The hub's own. */
  private boolean hasBegun;

  /**
   * One that begins after an event.
   *
   * @param after sequence of that event
   * @param missing why events may be missing before the first one; null if none are for certain
   * @param ready is called by the hub when there is something to do; does not wait
   */
  Subscription(
      EventHub hub,
      EventFilter filter,
      EventLimits limits,
      long after,
      @Nullable String missing,
      Runnable ready) {
    this.hub = hub;
    this.filter = filter;
    this.limits = limits;
    this.ready = ready;
    this.queue = new SpscArrayQueue<>(limits.queueEvents());
    this.scanned = after;
    this.got = after;
    this.missing = missing;
  }

  /** The next event's text; null if there is none now. */
  public @Nullable String poll() {
    long sought = scanned; // Before the queue: all up to there is in it or was.
    Entry entry = queue.poll();
    if (entry == null) {
      got = Math.max(got, sought);
      makeRoom();
      return null;
    }
    got = entry.sequence();
    queuedLength.addAndGet(-entry.text().length());
    if (queue.size() <= limits.queueEvents() / 2) {
      makeRoom();
    }
    return entry.text();
  }

  /** All up to this one was polled, and nothing behind it. */
  public EventId position() {
    return hub.id(got);
  }

  /** Whether the listener was too slow: nothing more comes, it has to subscribe again. */
  public boolean isLagging() {
    return isLagging;
  }

  /** How long the texts are that wait here. Any thread. */
  public long queuedLength() {
    return queuedLength.get();
  }

  /** Ends it; there is nothing more to poll. Idempotent; any thread. */
  @Override
  public void close() {
    isClosed = true;
    hub.wake();
  }

  boolean isOf(Principal reader) {
    return filter.reader().equals(reader);
  }

  boolean isClosed() {
    return isClosed;
  }

  /** Queues what is there and fits. On the hub's thread. */
  void fill(EventJournal journal) {
    if (isLagging || isClosed) {
      return;
    }
    boolean hasGap = begin(journal);
    boolean isNew = queueAll(journal) || hasGap;
    isLagging = isTooFarBehind(journal);
    if (isNew || isLagging) {
      ready.run();
    }
  }

  /** Says first what cannot be replayed any more. */
  private boolean begin(EventJournal journal) {
    if (hasBegun) {
      return false;
    }
    hasBegun = true;
    long oldest = journal.first() - 1;
    String reason = scanned < oldest && missing == null ? EventHub.FORGOTTEN : missing;
    missing = null;
    if (reason == null) {
      return false;
    }
    scanned = oldest;
    return offer(hub.gap(oldest, reason));
  }

  private boolean queueAll(EventJournal journal) {
    boolean isNew = false;
    long next = scanned + 1;
    while (next >= journal.first() && next <= journal.last()) {
      Entry entry = journal.get(next);
      if (filter.takes(entry)) {
        if (!isQueued(entry)) {
          break;
        }
        isNew = true;
      }
      scanned = next++;
    }
    isCaughtUp |= scanned == journal.last();
    return isNew;
  }

  private boolean isTooFarBehind(EventJournal journal) {
    boolean isOvertaken = scanned < journal.first() - 1;
    return isOvertaken || (isCaughtUp && journal.last() - scanned > limits.mostBehind());
  }

  /** Tries again once it is marked as full: the listener may have made room just before that. */
  private boolean isQueued(Entry entry) {
    if (offer(entry)) {
      return true;
    }
    isFull = true;
    return offer(entry);
  }

  private boolean offer(Entry entry) {
    if (queuedLength.get() >= limits.queueLength()) {
      return false;
    }
    queuedLength.addAndGet(entry.text().length());
    boolean isQueued = queue.offer(entry);
    if (!isQueued) {
      queuedLength.addAndGet(-entry.text().length());
    }
    return isQueued;
  }

  private void makeRoom() {
    if (isFull) {
      isFull = false;
      hub.wake();
    }
  }
}
