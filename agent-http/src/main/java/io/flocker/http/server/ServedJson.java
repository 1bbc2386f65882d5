package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.http.route.JsonRoute;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;

/** A JSON request: collects its body up to the limit, then has it served. */
final class ServedJson implements Exchange {
  private final HttpConnection connection;
  private final JsonService service;
  private final RequestHead head;
  private final JsonRoute route;
  private final Map<String, String> variables;
  private final int maxBytes;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  ServedJson(
      HttpConnection connection,
      JsonService service,
      RequestHead head,
      JsonRoute route,
      Map<String, String> variables,
      int maxBytes) {
    this.connection = connection;
    this.service = service;
    this.head = head;
    this.route = route;
    this.variables = variables;
    this.maxBytes = maxBytes;
  }

  /** Refuses, before any of it is read, a body that is too large by its own word. */
  void requireRoom() throws FailureException {
    if (head.contentLength() > maxBytes) {
      throw tooLarge();
    }
  }

  @Override
  public void content(HttpContent content) {
    try {
      if (content.decoderResult().isFailure()) {
        connection.fail(
            RequestFailure.MALFORMED_REQUEST.because(
                "The body cannot be decoded: " + content.decoderResult().cause().getMessage()));
        return;
      }
      take(content.content());
      if (content instanceof LastHttpContent) {
        serve();
      }
    } catch (FailureException e) {
      connection.fail(e);
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
    // A handler that runs already ends by itself; its answer finds no connection.
  }

  private void take(ByteBuf bytes) throws FailureException {
    if (body.size() + bytes.readableBytes() > maxBytes) {
      throw tooLarge();
    }
    byte[] part = new byte[bytes.readableBytes()];
    bytes.readBytes(part);
    body.writeBytes(part);
  }

  private void serve() throws FailureException {
    JsonCall call =
        new JsonCall(
            connection.caller(), head, route, variables, ByteBuffer.wrap(body.toByteArray()));
    service.serve(call, answer -> connection.execute(() -> connection.respond(answer)));
  }

  private FailureException tooLarge() {
    return RequestFailure.BODY_TOO_LARGE.because(
        "This route takes bodies of " + maxBytes + " bytes at most.");
  }
}
