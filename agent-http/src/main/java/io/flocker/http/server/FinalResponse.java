package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.core.identity.Principal;
import io.flocker.http.json.Json;
import io.flocker.http.problem.Problem;
import io.flocker.http.route.Body;
import io.flocker.http.route.EntityTag;
import io.flocker.http.route.RawBody;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A final response, ready to be written.
 *
 * @param body empty for none; read through duplicates only
 */
record FinalResponse(int status, Map<String, String> headers, ByteBuffer body) {
  private static final String CONTENT_TYPE = "content-type";

  static FinalResponse json(int status, Map<String, String> headers, byte[] document) {
    return json(status, headers, ByteBuffer.wrap(document));
  }

  static FinalResponse json(int status, Map<String, String> headers, ByteBuffer document) {
    return new FinalResponse(status, withType(headers, "application/json"), document);
  }

  static FinalResponse json(int status, Object document) {
    return json(status, Map.of(), Json.write(document));
  }

  static FinalResponse raw(int status, Map<String, String> headers, RawBody body) {
    return new FinalResponse(status, withType(headers, body.mediaType()), body.bytes());
  }

  static FinalResponse empty(int status, Map<String, String> headers) {
    return new FinalResponse(status, headers, ByteBuffer.allocate(0));
  }

  /** The problem document of a failure that {@code self} tells. */
  static FinalResponse of(FailureException failure, Principal self) {
    Problem problem =
        Problem.of(self instanceof Principal.Node node ? failure.toldBy(node.id()) : failure);
    return new FinalResponse(
        problem.status(),
        withType(problem.headers(), Problem.MEDIA_TYPE),
        ByteBuffer.wrap(problem.toBytes()));
  }

  /** The head of events, whose body ends with the connection. */
  static HttpResponse headOfEvents() {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers()
        .set(HttpHeaderNames.DATE, HttpClock.date())
        .set(HttpHeaderNames.CONTENT_TYPE, Body.EVENTS)
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return head;
  }

  /** The same with that entity tag, if it has none yet. */
  FinalResponse withTagIfAbsent(String tag) {
    if (headers.containsKey(EntityTag.HEADER)) {
      return this;
    }
    Map<String, String> tagged = new LinkedHashMap<>(headers);
    tagged.put(EntityTag.HEADER, tag);
    return new FinalResponse(status, tagged, body);
  }

  /**
   * The message that is written.
   *
   * @param isHead whether the request was HEAD, which gets no body
   * @param isLast whether the connection closes behind it
   */
  FullHttpResponse message(boolean isHead, boolean isLast) {
    FullHttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status),
            isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body.duplicate()));
    message.headers().set(HttpHeaderNames.DATE, HttpClock.date());
    headers.forEach(message.headers()::set);
    if (status != HttpResponseStatus.NOT_MODIFIED.code()) {
      message.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.remaining());
    }
    if (isLast) {
      message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    return message;
  }

  private static Map<String, String> withType(Map<String, String> headers, String mediaType) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(CONTENT_TYPE, mediaType);
    return all;
  }
}
