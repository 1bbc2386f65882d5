package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.http.route.Body;
import io.flocker.http.route.EventRequest;
import io.flocker.http.route.EventRoute;
import io.flocker.http.route.EventSource;
import io.flocker.http.route.RawBody;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A caller that listens to events. What there is is sent for as long as its socket takes it;
 * nothing is queued here. On its event loop only, but for {@link #ready}.
 */
final class ServedEvents implements Exchange {
  private static final int OK = 200; // RFC 9110, section 15.3.1

  private static final RawBody NOTHING = new RawBody(Body.EVENTS, ByteBuffer.allocate(0));

  /** What one write carries at most, by one event more. */
  private static final int WRITE_LENGTH = 16 * 1024;

  /** A caller that takes nothing for that many paces is gone, or as good as gone. */
  private static final int MOST_SILENT_PACES = 4;

  private final HttpConnection connection;
  private final AtomicBoolean isCalled = new AtomicBoolean();

  private @Nullable EventSource source;
  private @Nullable Future<?> pulse;
  private boolean hasBegun;
  private boolean isDraining;
  private boolean hasWritten;
  private int silentPaces;

  private ServedEvents(HttpConnection connection) {
    this.connection = connection;
  }

  /**
   * Begins to listen; what comes is sent once the request has ended.
   *
   * @throws FailureException refuses it
   */
  static ServedEvents open(HttpConnection connection, RequestHead head, EventRoute route)
      throws FailureException {
    ServedEvents events = new ServedEvents(connection);
    if (head.isHead()) {
      connection.respond(FinalResponse.raw(OK, Map.of(), NOTHING));
      return events;
    }
    EventRequest request =
        new EventRequest(connection.caller(), head.target().query(), head.headers());
    events.source = route.handler().open(request, events::ready);
    return events;
  }

  @Override
  public void content(HttpContent content) {
    content.release();
    if (content instanceof LastHttpContent) {
      begin();
    }
  }

  @Override
  public void readComplete() {
    connection.read();
  }

  @Override
  public void writable() {
    send();
  }

  @Override
  public void draining() {
    isDraining = true;
    if (hasBegun) {
      send();
      end();
    }
  }

  @Override
  public void disconnected(Throwable cause) {
    leave();
  }

  private void begin() {
    EventSource open = Objects.requireNonNull(source);
    hasBegun = true;
    connection.beginEvents();
    connection.write(open.greeting());
    long paceNanos = open.pace().toNanos();
    pulse =
        connection
            .eventLoop()
            .scheduleAtFixedRate(this::beat, paceNanos, paceNanos, TimeUnit.NANOSECONDS);
    send();
    if (isDraining) {
      end();
    }
  }

  /** There may be something to send. Any thread. */
  private void ready() {
    if (isCalled.compareAndSet(false, true)) {
      connection.execute(this::answerCall);
    }
  }

  private void answerCall() {
    isCalled.set(false);
    if (hasBegun) {
      send();
    }
  }

  private void send() {
    EventSource open = source;
    while (open != null && connection.isWritable()) {
      String text = next(open);
      if (text.isEmpty()) {
        break;
      }
      connection.write(text);
      hasWritten = true;
    }
    if (open != null && open.isLagging()) {
      end();
    }
  }

  private static String next(EventSource open) {
    StringBuilder text = new StringBuilder();
    while (text.length() < WRITE_LENGTH && !open.isLagging()) {
      String event = open.poll();
      if (event == null) {
        break;
      }
      text.append(event);
    }
    return text.toString();
  }

  private void beat() {
    send(); // Also where nothing comes of it: so the heartbeat tells how far the caller is.
    EventSource open = source;
    if (open == null) {
      return;
    }
    if (!connection.isWritable()) {
      silentPaces++;
    } else {
      silentPaces = 0;
      if (!hasWritten) {
        connection.write(open.heartbeat());
      }
    }
    hasWritten = false;
    if (silentPaces >= MOST_SILENT_PACES) {
      end();
    }
  }

  private void end() {
    EventSource open = source;
    if (open != null) {
      connection.write(open.farewell());
      leave();
      connection.endEvents();
    }
  }

  private void leave() {
    EventSource open = source;
    source = null;
    if (open != null) {
      open.close();
    }
    if (pulse != null) {
      boolean _ = pulse.cancel(false);
    }
  }
}
