package io.flocker.core.event;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.identity.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpscBlockingConsumerArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Takes what happens, keeps the newest of it, and gives each listener what is for it. Any thread
 * may call. Owns the thread that alone touches the journal: so a replay and what follows it are one
 * sequence.
 *
 * <p>An event that finds the inbox full is lost, and a gap is told in its place.
 */
public final class EventHub implements EventSink, AutoCloseable {
  /** Reason of a gap: the journal is not that long. */
  static final String FORGOTTEN = "forgotten";

  /** Reason of a gap: the daemon was started anew. */
  static final String RESTARTED = "restarted";

  /** Reason of a gap: more happened at once than could be taken. */
  static final String OVERLOADED = "overloaded";

  /** Reason of a gap: an event would have broken what is promised of it. */
  static final String WITHHELD = "withheld";

  private static final Duration CLOSING = Duration.ofSeconds(2);

  /** How many events are written before listeners are looked after. */
  private static final int BATCH = 256;

  /** Wakes the thread. */
  private static final Object NUDGE = new Object();

  private final String era = EventId.freshEra();
  private final EventWriter writer;
  private final EventLimits limits;
  private final EventJournal journal;
  private final MpscBlockingConsumerArrayQueue<Object> inbox;
  private final AtomicLong lost = new AtomicLong();
  private final List<Subscription> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread;

  /** The journal's last, for other threads. */
  private volatile long last;

  private volatile boolean isClosed;

  private EventHub(EventWriter writer, EventLimits limits) {
    this.writer = writer;
    this.limits = limits;
    this.journal = new EventJournal(limits.journalEvents(), limits.journalLength());
    this.inbox = new MpscBlockingConsumerArrayQueue<>(limits.inbox());
    this.thread = Thread.ofPlatform().daemon().name("event-hub").unstarted(this::work);
  }

  /** Starts its thread; no event was before. */
  public static EventHub start(EventWriter writer, EventLimits limits) {
    EventHub hub = new EventHub(writer, limits);
    hub.thread.start();
    return hub;
  }

  @Override
  public void tell(Event event) {
    if (!inbox.offer(event) && !event.type().isSample()) {
      lost.incrementAndGet();
      wake();
    }
  }

  /**
   * Begins to listen.
   *
   * @param after the last event that the listener has got; if empty, it begins with what happens
   *     from now on
   * @param ready called on the hub's thread when there is something to poll, or the listener lags;
   *     does not wait
   * @throws FailureException {@code TOO_MANY_REQUESTS}
   */
  public synchronized Subscription subscribe(
      EventFilter filter, Optional<EventId> after, Runnable ready) throws FailureException {
    listeners.removeIf(Subscription::isClosed);
    requireRoom(filter.reader());
    long now = last;
    boolean isOurs =
        after.isEmpty() || (after.get().era().equals(era) && after.get().sequence() <= now);
    Subscription added =
        new Subscription(
            this,
            filter,
            limits,
            isOurs ? after.map(EventId::sequence).orElse(now) : 0,
            isOurs ? null : RESTARTED,
            ready);
    listeners.add(added);
    wake();
    return added;
  }

  /** How many listen. */
  public int listeners() {
    return listeners.size();
  }

  /** Ends the thread; nothing is told any more. */
  @Override
  public void close() {
    isClosed = true;
    wake();
    try {
      thread.join(CLOSING);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  EventId id(long sequence) {
    return new EventId(era, sequence);
  }

  /** Has the listeners looked after soon. Where the inbox is full, that happens anyway. */
  void wake() {
    boolean _ = inbox.offer(NUDGE);
  }

  /** Says that something is missing up to {@code sequence}. On the hub's thread. */
  Entry gap(long sequence, String reason) {
    EventId id = id(sequence);
    Event event = Event.of(EventType.GAP, Map.of("reason", reason, "completeAfter", id.toString()));
    String text = writer.write(id, event).orElseThrow();
    return new Entry(sequence, EventType.GAP, event.volume(), event.onlyFor(), text);
  }

  private void requireRoom(Principal reader) throws FailureException {
    if (listeners.size() >= limits.listeners()) {
      throw RequestFailure.TOO_MANY_REQUESTS.because(
          "as many listen to events as may at once: " + limits.listeners());
    }
    long own = listeners.stream().filter(listener -> listener.isOf(reader)).count();
    if (own >= limits.listenersOfOne()) {
      throw RequestFailure.TOO_MANY_REQUESTS.because(
          reader.name() + " listens to events as often as one may at once: " + own);
    }
  }

  private void work() {
    while (!isClosed) {
      Object first = next();
      if (first != null) {
        take(first);
      }
      reportLost();
      last = journal.last();
      listeners.removeIf(Subscription::isClosed);
      listeners.forEach(listener -> listener.fill(journal));
    }
  }

  private @Nullable Object next() {
    try {
      return inbox.take();
    } catch (InterruptedException _) {
      return null; // Nobody has reason to: the thread ends by being closed.
    }
  }

  private void take(Object first) {
    int taken = 0;
    for (Object told = first; told != null; told = taken < BATCH ? inbox.poll() : null) {
      if (told instanceof Event event) {
        add(event);
      }
      taken++;
    }
  }

  private void add(Event event) {
    long sequence = journal.next();
    Optional<String> text = writer.write(id(sequence), event);
    if (text.isPresent()) {
      journal.add(new Entry(sequence, event.type(), event.volume(), event.onlyFor(), text.get()));
    } else {
      Entry gap = gap(sequence, WITHHELD);
      journal.add(new Entry(sequence, gap.type(), event.volume(), event.onlyFor(), gap.text()));
    }
  }

  private void reportLost() {
    if (lost.getAndSet(0) > 0) {
      journal.add(gap(journal.next(), OVERLOADED));
    }
  }
}
