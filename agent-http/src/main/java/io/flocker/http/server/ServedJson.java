package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.net.SharedBudget;
import io.flocker.http.route.Departure;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Route;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A JSON request: collects its body up to the limit, paid for in advance, then has it served. */
final class ServedJson implements Exchange {
  /** The first buffer of a chunked body, whose length is not known. */
  private static final int FIRST_BYTES = 4 * 1024;

  private final HttpConnection connection;
  private final JsonService service;
  private final RequestHead head;
  private final JsonRoute route;
  private final Map<String, String> variables;
  private final int maxBytes;
  private final Duration silence;
  private final SharedBudget.Payment payment;
  private byte[] body = new byte[0];
  private final boolean isWanted;
  private int size;
  private boolean isServed;
  private Runnable leave = () -> {};
  private @Nullable Future<?> heartbeat;

  ServedJson(
      HttpConnection connection,
      JsonService service,
      RequestHead head,
      JsonRoute route,
      Map<String, String> variables,
      int maxBytes,
      Duration silence) {
    this.connection = connection;
    this.service = service;
    this.head = head;
    this.route = route;
    this.variables = variables;
    this.maxBytes = maxBytes;
    this.silence = silence;
    this.isWanted = route.declaration().request().isPresent();
    this.payment = service.beginPayment(connection.caller());
  }

  /** Refuses, before any of it is read, a body that is too large by its own word. */
  void requireRoom() throws FailureException {
    if (head.contentLength() > maxBytes) {
      throw tooLarge();
    }
    if (isWanted && head.contentLength() > 0) {
      payment.pay(head.contentLength());
    }
  }

  @Override
  public void content(HttpContent content) {
    try {
      if (content.decoderResult().isFailure()) {
        refuse(RefusedHead.ofBody(content.decoderResult().cause()));
        return;
      }
      take(content.content());
      if (content instanceof LastHttpContent) {
        serve();
      }
    } catch (FailureException e) {
      refuse(e);
    } finally {
      content.release();
    }
  }

  @Override
  public void readComplete() {
    connection.read();
  }

  @Override
  public void disconnected(Throwable cause) {
    // A handler that does something ends by itself; its response finds no connection.
    stopHeartbeat();
    leave.run();
    giveUp();
  }

  private void take(ByteBuf bytes) throws FailureException {
    int length = bytes.readableBytes();
    if (size + length > maxBytes) {
      throw tooLarge();
    }
    if (isWanted && length > 0) {
      makeRoom(size + length);
      bytes.readBytes(body, size, length);
    }
    size += length;
  }

  /** A length that the head has told is paid for already. */
  private void makeRoom(int length) throws FailureException {
    if (length <= body.length) {
      return;
    }
    if (!head.isChunked()) {
      body = new byte[Math.toIntExact(head.contentLength())];
      return;
    }
    int room = Math.clamp(2L * length, FIRST_BYTES, maxBytes);
    payment.pay(room);
    int before = body.length;
    body = Arrays.copyOf(body, room);
    payment.giveBack(before);
  }

  private void serve() throws FailureException {
    ByteBuffer whole = ByteBuffer.wrap(body, 0, isWanted ? size : 0);
    JsonCall call =
        new JsonCall(
            connection.caller(),
            connection.process(),
            head.heededBy(route.declaration()),
            route,
            variables,
            whole,
            new Departure(),
            payment,
            connection.headPayment());
    leave = service.serve(call, response -> connection.execute(() -> respond(response)));
    connection.handOverHead();
    isServed = true;
    startHeartbeat();
  }

  private void respond(FinalResponse response) {
    stopHeartbeat();
    connection.respond(response);
  }

  /** What this node is asked may rest on a ZFS that takes long: no reason to take it for dead. */
  private void startHeartbeat() {
    if (route.declaration().callers().equals(Route.NODES)) {
      long nanos = silence.toNanos();
      heartbeat =
          connection
              .eventLoop()
              .scheduleAtFixedRate(
                  () -> connection.interim(Map.of()), nanos, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void stopHeartbeat() {
    if (heartbeat != null) {
      boolean _ = heartbeat.cancel(false);
      heartbeat = null;
    }
  }

  private void refuse(FailureException failure) {
    giveUp();
    connection.fail(failure);
  }

  /** The payment of a body that is being served is its service's to give back. */
  private void giveUp() {
    if (!isServed) {
      payment.close();
    }
  }

  private FailureException tooLarge() {
    return RequestFailure.BODY_TOO_LARGE.because(
        "This route takes bodies of " + maxBytes + " bytes at most.");
  }
}
