package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.log.TaskId;
import io.flocker.http.route.Declaration;
import io.flocker.http.route.Parameter;
import io.flocker.http.router.RequestTarget;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request's line and headers, checked.
 *
 * @param headers by lower-case name; several of a name are one list (RFC 9110, section 5.3)
 * @param contentLength what the request says, 0 for a body without one, -1 for a chunked body
 */
record RequestHead(
    String method, RequestTarget target, Map<String, String> headers, long contentLength) {
  static final String CONTENT_TYPE = "content-type";
  static final String ACCEPT = "accept";

  private static final long CHUNKED = -1;

  private static final String TASK = TaskId.HEADER.toLowerCase(Locale.ROOT);

  /** The headers that are read whatever the route is. */
  private static final Set<String> OWN =
      Set.of(ACCEPT, "accept-encoding", "if-none-match", "idempotency-key", TASK);

  /**
   * Reads what the decoder made.
   *
   * @throws FailureException if it is not a request of HTTP/1.1 as RFC 9112 has it, or as far as
   *     {@code dialect} want it
   */
  static RequestHead of(HttpRequest request, Dialect dialect) throws FailureException {
    requireDecoded(request);
    if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      throw RequestFailure.HTTP_VERSION_UNSUPPORTED.because(
          "HTTP/1.1 is spoken here, not " + request.protocolVersion() + ".");
    }
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    boolean isOne = hosts.size() == 1 && RequestTarget.isAuthority(hosts.getFirst());
    if (dialect.needsHost() && !isOne) {
      throw malformed("There is not exactly one Host header with a host (RFC 9112, section 3.2).");
    }
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (codings.size() > 1
        || !codings.stream().allMatch(HttpHeaderValues.CHUNKED::contentEqualsIgnoreCase)) {
      throw malformed("Only the transfer coding chunked is known, said once.");
    }
    String expectation = request.headers().get(HttpHeaderNames.EXPECT);
    if (expectation != null && !HttpUtil.is100ContinueExpected(request)) {
      throw RequestFailure.EXPECTATION_FAILED.because("'" + expectation + "' is expected.");
    }
    return new RequestHead(
        request.method().name(),
        RequestTarget.parse(request.uri()),
        byName(request),
        HttpUtil.isTransferEncodingChunked(request)
            ? CHUNKED
            : HttpUtil.getContentLength(request, 0L));
  }

  /** The same with only those headers that are read where {@code route} is served. */
  RequestHead heededBy(Declaration route) {
    Set<String> heeded = new HashSet<>(OWN);
    for (Parameter parameter : route.parameters()) {
      if (parameter.place() == Parameter.Place.HEADER) {
        heeded.add(parameter.name().toLowerCase(Locale.ROOT));
      }
    }
    Map<String, String> kept = new LinkedHashMap<>(headers);
    kept.keySet().retainAll(heeded);
    return new RequestHead(method, target, kept, contentLength);
  }

  boolean isChunked() {
    return contentLength == CHUNKED;
  }

  /** The caller's place in its Eliot task. */
  Optional<TaskId> task() {
    return Optional.ofNullable(headers.get(TASK)).flatMap(TaskId::parse);
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  boolean isOptions() {
    return method.equals("OPTIONS");
  }

  private static Map<String, String> byName(HttpRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    request
        .headers()
        .iteratorAsString()
        .forEachRemaining(header ->
            headers.merge(
                header.getKey().toLowerCase(Locale.ROOT),
                header.getValue(),
                (one, other) -> one + ", " + other));
    return headers;
  }

  private static void requireDecoded(HttpRequest request) throws FailureException {
    if (request.decoderResult().isSuccess()) {
      return;
    }
    Throwable cause = request.decoderResult().cause();
    if (cause instanceof TooLongHttpLineException || cause instanceof TooLongHttpHeaderException) {
      throw RequestFailure.HEADERS_TOO_LARGE.because(
          "The request line may have 8 KiB, the headers 32 KiB.");
    }
    throw RefusedHead.failure(cause)
        .orElseGet(() -> malformed("Its line or its headers are not what RFC 9112 asks for."));
  }

  private static FailureException malformed(String detail) {
    return RequestFailure.MALFORMED_REQUEST.because(detail);
  }
}
