package io.flocker.http.server;

import io.flocker.core.failure.FailureException;
import io.flocker.core.identity.Principal;
import io.flocker.http.net.SharedBudget;
import io.flocker.http.route.EventRoute;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.StreamRoute;
import io.flocker.http.router.Match;
import io.flocker.http.router.Router;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Opens what serves a request: one of its route's kind. On any event loop; immutable. */
final class Exchanges {
  private static final int NO_CONTENT = 204; // RFC 9110, section 15.3.5

  private final Router router;
  private final JsonService service;
  private final int maxBodyBytes;
  private final Duration silence;
  private final RequestObserver observer;

  Exchanges(
      Router router,
      JsonService service,
      int maxBodyBytes,
      Duration silence,
      RequestObserver observer) {
    this.router = router;
    this.service = service;
    this.maxBodyBytes = maxBodyBytes;
    this.silence = silence;
    this.observer = observer;
  }

  /** Begins to pay for the heads of a caller's requests. */
  SharedBudget.Payment beginHead(Principal caller) {
    return service.beginHead(caller);
  }

  /** The response that tells a failure. */
  FinalResponse refusal(FailureException failure) {
    return service.refusal(failure);
  }

  /** How HTTP is spoken to these callers. */
  Dialect dialect() {
    return service.dialect();
  }

  /** Hears of every response. */
  RequestObserver observer() {
    return observer;
  }

  /** The largest body that is read to its end although nobody wants it. */
  int maxSkippedBytes() {
    return maxBodyBytes;
  }

  /**
   * Answers what may be done there.
   *
   * @throws FailureException refuses the request
   */
  FinalResponse options(HttpConnection connection, RequestHead head) throws FailureException {
    List<String> methods = router.allowed(head.target(), connection.certified());
    return FinalResponse.empty(NO_CONTENT, Map.of("Allow", String.join(", ", methods)));
  }

  /**
   * Opens the exchange, which may respond at once.
   *
   * @throws FailureException refuses the request
   */
  Exchange open(HttpConnection connection, RequestHead head) throws FailureException {
    Match match = router.route(head.method(), head.target(), connection.certified());
    connection.routed(match.route().method(), match.route().path());
    return switch (match.route()) {
      case JsonRoute route -> open(connection, head, route, match.variables());
      case EventRoute route -> {
        MediaTypes.requireAccepts(head, route.declaration().mediaTypes());
        connection.awaitBody();
        yield ServedEvents.open(connection, head, route);
      }
      case StreamRoute route -> {
        MediaTypes.require(head, route.mediaType());
        yield ServedStream.open(connection, head, route, match.variables());
      }
    };
  }

  private ServedJson open(
      HttpConnection connection, RequestHead head, JsonRoute route, Map<String, String> variables)
      throws FailureException {
    dialect().requireAccepts(head, route.declaration().mediaTypes());
    if (route.declaration().request().isPresent()) {
      dialect().requireBody(head);
    }
    ServedJson json =
        new ServedJson(connection, service, head, route, variables, maxBodyBytes, silence);
    json.requireRoom();
    connection.awaitBody();
    return json;
  }
}
