package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.core.identity.Principal;
import io.flocker.http.route.StreamBody;
import io.flocker.http.route.StreamExchange;
import io.flocker.http.route.StreamRoute;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request with a streamed body: passes on what comes, and reads when it is told. */
final class ServedStream implements StreamExchange, Exchange {
  private static final String TRAILER = "trailer";

  private final HttpConnection connection;
  private final RequestHead head;
  private final Map<String, String> variables;
  private @Nullable StreamBody body;

  private ServedStream(HttpConnection connection, RequestHead head, Map<String, String> variables) {
    this.connection = connection;
    this.head = head;
    this.variables = variables;
  }

  /**
   * Offers the request to its handler.
   *
   * @throws FailureException refuses it
   */
  static ServedStream open(
      HttpConnection connection, RequestHead head, StreamRoute route, Map<String, String> variables)
      throws FailureException {
    ServedStream stream = new ServedStream(connection, head, variables);
    stream.body = route.handler().open(stream);
    return stream;
  }

  @Override
  public void content(HttpContent content) {
    StreamBody taker = body;
    if (taker == null) {
      content.release();
    } else if (content.decoderResult().isFailure()) {
      content.release();
      brokenOff(taker, content.decoderResult().cause());
    } else {
      pass(content, taker);
    }
  }

  @Override
  public void readComplete() {
    if (body != null) {
      body.readComplete();
    }
  }

  @Override
  public void disconnected(Throwable cause) {
    StreamBody taker = body;
    body = null;
    if (taker != null) {
      taker.aborted(cause);
    }
  }

  @Override
  public Principal caller() {
    return connection.caller();
  }

  @Override
  public Map<String, String> variables() {
    return variables;
  }

  @Override
  public Map<String, String> headers() {
    return head.headers();
  }

  @Override
  public EventLoop eventLoop() {
    return connection.eventLoop();
  }

  @Override
  public void read() {
    connection.read();
  }

  @Override
  public void interim(Map<String, String> headers) {
    connection.interim(headers);
  }

  @Override
  public void respond(int status, Object document) {
    connection.respond(FinalResponse.json(status, document));
  }

  @Override
  public void fail(FailureException failure) {
    connection.fail(failure);
  }

  private void pass(HttpContent content, StreamBody taker) {
    if (content.content().isReadable()) {
      taker.content(content.content());
    } else {
      content.release();
    }
    if (content instanceof LastHttpContent last) {
      taker.last(announced(last.trailingHeaders()));
    }
  }

  /** A chunk that cannot be decoded: nothing that follows can be trusted to be the body. */
  private void brokenOff(StreamBody taker, Throwable cause) {
    body = null;
    taker.aborted(cause);
    connection.fail(RefusedHead.ofBody(cause));
  }

  /** Those of which the head has spoken (RFC 9110, section 6.6.2), by lower-case name. */
  private Map<String, String> announced(HttpHeaders trailers) {
    Map<String, String> announced = new LinkedHashMap<>();
    for (String name : head.headers().getOrDefault(TRAILER, "").split(",", -1)) {
      String value = trailers.get(name.strip());
      if (value != null) {
        announced.put(name.strip().toLowerCase(Locale.ROOT), value);
      }
    }
    return announced;
  }
}
