package io.flocker.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.Retry;
import io.flocker.core.retry.Backoff;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What happens on a node, as it happens. Where the connection breaks, it goes on behind the last
 * event that it got; what the node no longer knows by then comes as an event of the type {@code
 * gap}. One thread reads; any may close.
 */
public final class EventStream implements AutoCloseable {
  /** The node gives a sign of life at least every 15 s. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** The event by which a node ends the response. */
  private static final String FAREWELL = "farewell";

  private final Source source;
  private final AtomicLong heardNanos = new AtomicLong(System.nanoTime());
  private final Thread watch;
  private Optional<String> lastId;
  private final Backoff backoff = Backoff.from(FIRST_PAUSE, LONGEST_PAUSE);
  private boolean hasOpened;
  private EventParser parser = new EventParser();
  private @Nullable BoundedLines lines;
  private volatile @Nullable InputStream open;
  private volatile boolean isClosed;

  /** Where responses come from. */
  @FunctionalInterface
  interface Source {
    /** Opens one that goes on behind {@code lastId}. */
    InputStream open(Optional<String> lastId)
        throws FailureException, IOException, InterruptedException;
  }

  /**
   * One that opens at the first {@link #next}.
   *
   * @param lastId the last event that is known already; if empty, it begins with what happens from
   *     then on
   */
  EventStream(Source source, Optional<String> lastId) {
    this.source = source;
    this.lastId = lastId;
    this.watch = Thread.ofVirtual().name("event-watch").start(this::watch);
  }

  /**
   * Connects, if it is not connected: what happens from now on will come.
   *
   * @throws FailureException if the node refuses
   * @throws IOException if it was never reached
   */
  public void connect() throws FailureException, IOException, InterruptedException {
    while (lines == null) {
      try {
        begin(source.open(lastId));
      } catch (FailureException e) {
        if (!hasOpened || e.failure().retry() == Retry.NEVER) {
          throw e;
        }
        rest();
      } catch (IOException e) {
        if (!hasOpened || isClosed) {
          throw e;
        }
        rest();
      }
    }
  }

  /**
   * Waits for the next event, however long that takes.
   *
   * @throws FailureException if the node refuses
   * @throws IOException if it was never reached, or this was closed, or what is sent is no event
   *     that a node sends: it has no end
   */
  public NodeEvent next() throws FailureException, IOException, InterruptedException {
    while (true) {
      connect();
      Optional<NodeEvent> event = read();
      if (event.isPresent()) {
        return event.get();
      }
    }
  }

  /** The id to come back with; empty if there is none yet. */
  public Optional<String> lastId() {
    return lastId;
  }

  @Override
  public void close() {
    isClosed = true;
    watch.interrupt();
    hangUp();
  }

  private void begin(InputStream opened) throws IOException {
    hasOpened = true;
    heardNanos.set(System.nanoTime());
    open = opened;
    parser = new EventParser();
    lines = new BoundedLines(new InputStreamReader(opened, UTF_8), EventParser.MOST_CHARACTERS);
    if (isClosed) {
      hangUp();
    }
  }

  /** The event that comes; empty if the connection has ended instead. */
  private Optional<NodeEvent> read() throws IOException, InterruptedException {
    try {
      while (lines != null) {
        Optional<String> line = lines.next();
        if (line.isEmpty()) {
          break;
        }
        heardNanos.set(System.nanoTime());
        Optional<NodeEvent> event = parser.take(line.get());
        lastId = parser.id().isEmpty() ? lastId : Optional.of(parser.id());
        if (event.isPresent()) {
          backoff.reset();
        }
        if (event.filter(known -> !known.type().equals(FAREWELL)).isPresent()) {
          return event;
        }
      }
    } catch (BoundedLines.TooLongException e) {
      lines = null;
      hangUp();
      throw e;
    } catch (IOException | JacksonException e) {
      if (isClosed) {
        throw new IOException("closed", e);
      }
    }
    lines = null;
    hangUp();
    rest();
    return Optional.empty();
  }

  private void rest() throws IOException, InterruptedException {
    if (isClosed) {
      throw new IOException("closed");
    }
    boolean _ = backoff.pause();
  }

  /**
   * Hangs up where nothing is heard any more: a node that vanished does not close its connection.
   */
  private void watch() {
    try {
      while (!isClosed) {
        Thread.sleep(SILENCE.dividedBy(4));
        if (System.nanoTime() - heardNanos.get() > SILENCE.toNanos()) {
          hangUp();
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void hangUp() {
    InputStream left = open;
    open = null;
    if (left != null) {
      try {
        left.close();
      } catch (IOException _) {
        // It is gone, which is what was wanted.
      }
    }
  }
}
