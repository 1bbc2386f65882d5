package io.flocker.cli.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.flocker.core.id.NodeId;
import io.flocker.core.identity.CertifiedPermission;
import io.flocker.http.TestServer;
import io.flocker.http.json.Json;
import io.flocker.http.route.Body;
import io.flocker.http.route.Caller;
import io.flocker.http.route.Declaration;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.Outcome;
import io.flocker.http.route.Parameter;
import io.flocker.http.route.RawBody;
import io.flocker.http.route.Route;
import io.flocker.http.schema.SchemaComponents;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;

/**
 * A server of all routes, whose handlers answer the example that was declared, and a caller of each
 * kind.
 */
final class Walk implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final TestServer server;
  private final HttpClient stranger;
  private final Map<Caller, HttpClient> callers = new EnumMap<>(Caller.class);

  /** Which of a route's outcomes is wanted, by its status; any that it has not means the first. */
  private volatile int wantedStatus;

  Walk(Path folder, List<Route> routes) throws Exception {
    server = TestServer.start(folder, routes.stream().map(this::answeringExamples).toList());
    stranger = client(trusting(server.cluster().authority().certificate()));
    NodeId self = server.address().node();
    callers.put(
        Caller.USER,
        client(server.cluster().user("alice", CertifiedPermission.values()).sslContext()));
    callers.put(Caller.LOCAL, client(server.cluster().local(self).sslContext()));
    callers.put(Caller.NODE, client(server.cluster().node(NodeId.random()).sslContext()));
    callers.put(
        Caller.CONTROL_SERVICE,
        client(server.cluster().authority().issueControlService("127.0.0.1").sslContext()));
  }

  /** What came back. */
  record Answer(int status, String mediaType, Map<String, List<String>> headers, String body) {
    JsonNode json() {
      return Json.read(body.getBytes(UTF_8));
    }

    String problem() {
      return json().path("type").asString("");
    }
  }

  /** The example of a body: the route's own, or its schema's. */
  static Optional<JsonNode> example(Body body) {
    return body.example().or(() -> body.schema().flatMap(SchemaComponents::example));
  }

  /** The path of a route's examples. */
  static String path(Declaration route) {
    String path = route.path();
    for (Parameter parameter : route.parameters()) {
      if (parameter.place() == Parameter.Place.PATH) {
        path = path.replace("{" + parameter.name() + "}", value(parameter));
      }
    }
    return path;
  }

  /** All query parameters of a route, each with its example. */
  static String query(Declaration route) {
    String query =
        route.parameters().stream()
            .filter(parameter -> parameter.place() == Parameter.Place.QUERY)
            .map(parameter -> parameter.name() + "=" + value(parameter))
            .collect(joining("&"));
    return query.isEmpty() ? "" : "?" + query;
  }

  /** The example of a parameter, as text; empty where it has none. */
  static String value(Parameter parameter) {
    return parameter
        .example()
        .or(() -> SchemaComponents.example(parameter.schema()).map(JsonNode::asString))
        .orElse("");
  }

  /** A caller that the route is for. */
  static Caller permitted(Declaration route) {
    return Stream.of(Caller.values()).filter(route.callers()::contains).findFirst().orElseThrow();
  }

  /** A request with all that the route's examples say, but for the body. */
  HttpRequest.Builder request(Declaration route) {
    HttpRequest.Builder request = to(path(route) + query(route));
    route.request().ifPresent(body -> request.header("Content-Type", body.mediaType()));
    return request;
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(
            URI.create("https://127.0.0.1:" + server.address().place().port() + path))
        .timeout(PATIENCE);
  }

  /** Has the handler answer the example of that outcome. */
  void want(HttpRequest.Builder request, Outcome outcome) {
    wantedStatus = outcome.status();
    if (!outcome.bodies().isEmpty()) {
      request.header("Accept", outcome.bodies().getFirst().mediaType());
    }
  }

  Answer send(Caller caller, HttpRequest request) throws IOException, InterruptedException {
    HttpClient client = callers.get(caller);
    if (client == null) {
      throw new IllegalArgumentException("nobody calls as " + caller);
    }
    return send(client, request);
  }

  Answer sendWithoutCertificate(HttpRequest request) throws IOException, InterruptedException {
    return send(stranger, request);
  }

  @Override
  public void close() {
    stranger.close();
    callers.values().forEach(HttpClient::close);
    server.close();
  }

  private static Answer send(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    return new Answer(
        response.statusCode(),
        response.headers().firstValue("content-type").orElse(""),
        response.headers().map(),
        response.body());
  }

  private Route answeringExamples(Route route) {
    return route instanceof JsonRoute json
        ? json.handledBy(_ -> answer(json.declaration()))
        : route;
  }

  private JsonResponse answer(Declaration route) {
    Outcome outcome = route.outcome(wantedStatus).orElseGet(() -> route.outcomes().getFirst());
    Optional<Body> body = outcome.bodies().stream().findFirst();
    Object content =
        body.<Object>flatMap(Walk::example)
            .or(() -> body.map(raw -> new RawBody(raw.mediaType(), ByteBuffer.allocate(0))))
            .orElse(null);
    return new JsonResponse(outcome.status(), content, Map.of());
  }

  private static HttpClient client(SSLContext tls) {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls).build();
  }

  private static SSLContext trusting(X509Certificate authority) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("cluster", authority);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
