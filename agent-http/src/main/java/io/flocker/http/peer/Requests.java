package io.flocker.http.peer;

import io.flocker.core.stream.Proof;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.ByteBuffer;
import java.util.Map;

/** The heads of our requests. */
final class Requests {
  private static final String JSON = "application/json";

  private Requests() {}

  static FullHttpRequest call(
      PeerAddress peer,
      HttpMethod method,
      String path,
      Map<String, String> headers,
      ByteBuffer body) {
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, method, path, Unpooled.wrappedBuffer(body.duplicate()));
    setCommon(request.headers(), peer, headers);
    request.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.remaining());
    if (body.hasRemaining()) {
      request.headers().set(HttpHeaderNames.CONTENT_TYPE, JSON);
    }
    return request;
  }

  static HttpRequest upload(
      PeerAddress peer, String path, String mediaType, Map<String, String> headers) {
    HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, path);
    setCommon(request.headers(), peer, headers);
    request
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, mediaType)
        .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED)
        .set(HttpHeaderNames.TRAILER, Proof.TRAILER)
        .set(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE);
    return request;
  }

  private static void setCommon(
      HttpHeaders headers, PeerAddress peer, Map<String, String> further) {
    further.forEach(headers::set);
    headers.set(HttpHeaderNames.HOST, peer.place().toString());
    headers.set(HttpHeaderNames.ACCEPT, JSON);
  }
}
