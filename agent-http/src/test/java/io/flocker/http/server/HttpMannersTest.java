package io.flocker.http.server;

import static io.flocker.http.RawConnection.head;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import io.flocker.http.RawConnection;
import io.flocker.http.RawConnection.Response;
import io.flocker.http.RecordingBody;
import io.flocker.http.Routes;
import io.flocker.http.TestServer;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.RawBody;
import io.flocker.http.route.Route;
import io.flocker.http.server.HttpsServerSettings.Limits;
import io.flocker.http.tls.TlsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpMannersTest {
  private static final int MAX_REQUESTS = 3;
  private static final String LARGE = "flocker ".repeat(1_000);
  private static final String LARGE_JSON = "{\"said\":\"" + LARGE + "\"}";
  private static final BlockingQueue<RecordingBody> BODIES = new LinkedBlockingQueue<>();

  private static final List<Route> ROUTES =
      List.of(
          Routes.get("/v1/small", _ -> JsonResponse.ok(Map.of("said", "small"))),
          Routes.post("/v1/small", _ -> JsonResponse.ok(Map.of("said", "small"))),
          Routes.get("/v1/large", _ -> JsonResponse.ok(Map.of("said", LARGE))),
          Routes.get(
              "/v1/tagged",
              _ -> new JsonResponse(200, Map.of("said", LARGE), Map.of("ETag", "\"one\""))),
          Routes.get(
              "/v1/picture",
              _ -> JsonResponse.ok(new RawBody("image/png", ByteBuffer.allocate(10_000)))),
          Routes.get("/v1/nothing", _ -> JsonResponse.noContent()),
          Routes.get(
              "/v1/stopping",
              _ -> {
                throw RequestFailure.SHUTTING_DOWN.because("It ends.");
              }),
          Routes.stream(
              "/node/v1/stream",
              exchange -> {
                RecordingBody body = new RecordingBody(exchange);
                BODIES.add(body);
                body.run(_ -> body.readOn());
                return body;
              }));

  private static TestServer server;
  private RawConnection user;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = TestServer.start(folder, TlsSettings.defaults(), HttpMannersTest::few, ROUTES);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void connect() throws Exception {
    user = server.connect(server.cluster().authority().issueUser("alice"));
  }

  @AfterEach
  void disconnect() throws Exception {
    user.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/small", "/v1/large", "/v1/nowhere"})
  @DisplayName("H08 HEAD is GET without the body")
  void answersHeadAsGet(String path) throws Exception {
    String accept = "Accept-Encoding: gzip";
    Response get = user.send(head("GET " + path + " HTTP/1.1", "Host: t", accept)).response();
    Response asked =
        user.send(head("HEAD " + path + " HTTP/1.1", "Host: t", accept)).headResponse();

    assertEquals(get.status(), asked.status());
    assertEquals(undated(get), undated(asked));
    assertEquals(404, user.request("GET", "/v1/nowhere").response().status());
  }

  @Test
  @DisplayName("H08 OPTIONS of a path, and of the server")
  void answersOptions() throws Exception {
    Response path = user.request("OPTIONS", "/v1/small").response();
    Response all = user.request("OPTIONS", "*").response();
    Response wrong = user.request("GET", "*").response();

    assertEquals(204, path.status());
    assertEquals("GET, HEAD, OPTIONS, POST", path.headers().get("allow"));
    assertFalse(path.headers().containsKey("content-length"));
    assertEquals("GET, HEAD, OPTIONS, POST", all.headers().get("allow"));
    assertEquals(404, wrong.status());
  }

  @Test
  void datesItsResponsesAndDoesNotNameItself() throws Exception {
    Map<String, String> headers = user.request("GET", "/v1/small").response().headers();

    Instant date = DateTimeFormatter.RFC_1123_DATE_TIME.parse(headers.get("date"), Instant::from);
    assertTrue(date.isAfter(Instant.now().minusSeconds(60)), date.toString());
    assertFalse(date.isAfter(Instant.now()), date.toString());
    assertFalse(headers.containsKey("server"));
  }

  @Test
  void sendsNoBodyWithoutContent() throws Exception {
    Response nothing = user.request("GET", "/v1/nothing").response();

    assertEquals(204, nothing.status());
    assertFalse(nothing.headers().containsKey("content-length"));
    assertFalse(nothing.headers().containsKey("content-type"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gzip                        | gzip
          zstd                        |
          GZIP                        | gzip
          gzip;q=0.5, zstd            | gzip
          *                           | gzip
          br, deflate                 |
          identity                    |
          gzip;q=0                    |
          gzip;q=0, *                 |
          gzip;q=0.5, identity        |
          gzip;q=0.5, identity;q=0.5  | gzip
          gzip;q=0.5, identity;q=0.1  | gzip
          *;q=0, gzip;q=0.001         | gzip
          """)
  void compressesAsItIsAsked(String accepted, String coding) throws Exception {
    Response response = get("/v1/large", "Accept-Encoding: " + accepted);

    assertEquals(coding, response.headers().get("content-encoding"));
    assertEquals("Accept-Encoding", response.headers().get("vary"));
    assertEquals(LARGE_JSON, decoded(response));
  }

  @Test
  void joinsTheLinesOfOneHeader() throws Exception {
    Response response = get("/v1/large", "Accept-Encoding: br", "Accept-Encoding: gzip");

    assertEquals("gzip", response.headers().get("content-encoding"));
  }

  @Test
  void compressesOnlyWhatGains() throws Exception {
    for (String path : List.of("/v1/small", "/v1/picture")) {
      Map<String, String> headers = get(path, "Accept-Encoding: gzip, br").headers();

      assertFalse(headers.containsKey("content-encoding"), path);
      assertFalse(headers.containsKey("vary"), path);
    }
    assertFalse(get("/v1/large").headers().containsKey("content-encoding"));
  }

  @Test
  void weakensTheTagOfWhatItHasCompressed() throws Exception {
    assertEquals("\"one\"", get("/v1/tagged").headers().get("etag"));
    assertEquals("W/\"one\"", get("/v1/tagged", "Accept-Encoding: gzip").headers().get("etag"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/json                     | 200
          application/*                        | 200
          */*                                  | 200
          text/html, application/json;q=0.1    | 200
          Application/JSON; charset=utf-8      | 200
          text/html                            | 406
          application/json;q=0, */*            | 406
          application/*;q=0.0, */*;q=1         | 406
          """)
  @DisplayName("H08 a 406 where no type is accepted, the most exact range counts")
  void weighsWhatIsAccepted(String accepted, int status) throws Exception {
    assertEquals(status, get("/v1/small", "Accept: " + accepted).status());
  }

  @Test
  void closesAConnectionThatHadItsShare() throws Exception {
    for (int i = 1; i < MAX_REQUESTS; i++) {
      assertFalse(user.request("GET", "/v1/small").response().headers().containsKey("connection"));
    }

    assertEquals("close", user.request("GET", "/v1/small").response().headers().get("connection"));
    assertTrue(user.isEnded());
  }

  @Test
  @DisplayName("a 503 with Retry-After while it shuts down")
  void tellsWhenToComeBack() throws Exception {
    Response response = user.request("GET", "/v1/stopping").response();

    assertEquals(503, response.status());
    assertEquals("1", response.headers().get("retry-after"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: application/json; charset=utf-16",
        "Content-Type: application/json;Charset=\"latin1\"",
        "Content-Type: application/json|Content-Encoding: gzip",
      })
  void refusesBodiesThatItWouldReadAsSomethingElse(String headers) throws Exception {
    Response response = post(headers);

    assertEquals(415, response.status(), response.body());
    assertTrue(response.body().contains("unsupported-media-type"), response.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: application/json; charset=UTF-8",
        "Content-Type: application/json; x=\"a\"; charset=\"utf-8\"",
        "Content-Type: application/merge-patch+json|Content-Encoding: identity",
      })
  void takesBodiesThatAreWhatTheySay(String headers) throws Exception {
    assertEquals(200, post(headers).status());
  }

  @Test
  void passesOnOnlyTheTrailersThatWereAnnounced() throws Exception {
    try (RawConnection node =
        server.connect(
            server.cluster().authority().issueNode(NodeId.random(), List.of("127.0.0.1")))) {
      node.send(
          head(
                  "PUT /node/v1/stream HTTP/1.1",
                  "Host: t",
                  "Content-Type: application/octet-stream",
                  "Trailer: Said, Unsaid",
                  "Transfer-Encoding: chunked")
              + head("0", "Said: yes", "Smuggled: in"));

      RecordingBody body = BODIES.take();
      assertEquals(new RecordingBody.Event.Last("", Map.of("said", "yes")), body.end());
      body.respond(200, Map.of("said", "done"));
      assertEquals(200, node.response().status());
    }
  }

  private Response post(String headers) throws IOException {
    String body = "{\"name\":\"aa\"}";
    return user.send(
            "POST /v1/small HTTP/1.1\r\nHost: t\r\nContent-Length: 13\r\n"
                + head(headers.split("\\|", -1))
                + body)
        .response();
  }

  private Response get(String path, String... headers) throws IOException {
    String[] lines = new String[headers.length + 2];
    lines[0] = "GET " + path + " HTTP/1.1";
    lines[1] = "Host: t";
    System.arraycopy(headers, 0, lines, 2, headers.length);
    return user.send(head(lines)).response();
  }

  private static Map<String, String> undated(Response response) {
    Map<String, String> headers = new TreeMap<>(response.headers());
    headers.remove("date");
    headers.remove("connection");
    return headers;
  }

  private static String decoded(Response response) throws IOException {
    byte[] body = response.body().getBytes(ISO_8859_1);
    return switch (response.headers().getOrDefault("content-encoding", "")) {
      case "gzip" ->
          new String(
              new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes(), ISO_8859_1);
      default -> response.body();
    };
  }

  private static HttpsServerSettings few(HttpsServerSettings defaults) {
    Limits limits = defaults.limits();
    return defaults.with(
        new Limits(
            limits.connections(),
            limits.handshakes(),
            limits.handshakesOfAddress(),
            MAX_REQUESTS,
            limits.concurrentRequests(),
            limits.bodyBytes(),
            limits.bodyBudgetBytes()));
  }
}
