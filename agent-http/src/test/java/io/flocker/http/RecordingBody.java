package io.flocker.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.flocker.http.route.StreamBody;
import io.flocker.http.route.StreamExchange;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Takes a stream and remembers how it ended. Called on its event loop, asked by a test. */
public final class RecordingBody implements StreamBody {
  private final StreamExchange exchange;
  private final StringBuilder text = new StringBuilder();
  private final CompletableFuture<Event> end = new CompletableFuture<>();
  private boolean isReadingOn;

  /** A body that reads nothing until it is told. */
  public RecordingBody(StreamExchange exchange) {
    this.exchange = exchange;
  }

  /** How a stream ended. */
  public sealed interface Event {
    /** With its last chunk. */
    record Last(String text, Map<String, String> trailers) implements Event {}

    /** Without. */
    record Aborted(String text) implements Event {}
  }

  /** The exchange that it belongs to. */
  public StreamExchange exchange() {
    return exchange;
  }

  /** Reads the whole stream. On the event loop. */
  public void readOn() {
    isReadingOn = true;
    exchange.read();
  }

  /** Does something on the event loop. */
  public void run(Consumer<StreamExchange> step) {
    exchange.eventLoop().execute(() -> step.accept(exchange));
  }

  /** Responds from another thread. */
  public void respond(int status, Object body) {
    run(on -> on.respond(status, body));
  }

  /** Waits for the end. */
  public Event end() throws Exception {
    return end.get(30, TimeUnit.SECONDS);
  }

  @Override
  public void content(ByteBuf bytes) {
    text.append(bytes.toString(ISO_8859_1));
    bytes.release();
  }

  @Override
  public void readComplete() {
    if (isReadingOn) {
      exchange.read();
    }
  }

  @Override
  public void last(Map<String, String> trailers) {
    end.complete(new Event.Last(text.toString(), trailers));
  }

  @Override
  public void aborted(Throwable cause) {
    end.complete(new Event.Aborted(text.toString()));
  }
}
