package io.flocker.http.server;

import static io.flocker.http.RawConnection.head;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.http.RawConnection;
import io.flocker.http.RawConnection.Response;
import io.flocker.http.Routes;
import io.flocker.http.TestServer;
import io.flocker.http.json.Json;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class JsonRequestTest {
  private static final CountDownLatch RELEASED = new CountDownLatch(1);

  private static final List<Route> ROUTES =
      List.of(
          Routes.get(
              "/v1/echo/{name}",
              request -> said(request.variables().get("name") + request.parameter("q").orElse(""))),
          Routes.post("/v1/echo/{name}", request -> said(request.body().path("name").asString())),
          Routes.get(
              "/v1/broken",
              _ -> {
                throw new IllegalStateException("secret");
              }),
          Routes.get("/v1/untrue", _ -> JsonResponse.ok(Map.of("said", "x", "more", 1))),
          Routes.get(
              "/v1/refused",
              _ -> {
                throw TransferFailure.DIVERGED.because("Both changed.").with("branches", 2);
              }),
          Routes.get(
              "/v1/slow",
              _ -> {
                RELEASED.await();
                return said("slow");
              }),
          Routes.nodePut(
              "/node/v1/thing", request -> said(request.body().path("name").asString())));

  private static TestServer server;
  private RawConnection user;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = TestServer.start(folder, ROUTES);
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

  @Test
  void decodesVariablesAndParameters() throws Exception {
    Response response = user.request("GET", "/v1/echo/caf%C3%A9%20?q=a+b%2F").response();

    assertEquals(200, response.status());
    assertEquals("application/json", response.headers().get("content-type"));
    assertEquals("caf\u00e9 a b/", body(response).path("said").asString());
  }

  @Test
  void servesManyRequestsOnOneConnectionInTheirOrder() throws Exception {
    user.request("GET", "/v1/slow");
    user.request("GET", "/v1/nothing");
    user.request("POST", "/v1/echo/x", "{\"name\":\"third\"}");
    user.request("GET", "/v1/echo/fourth");
    RELEASED.countDown();

    assertEquals("{\"said\":\"slow\"}", user.response().body());
    assertEquals(404, user.response().status());
    assertEquals("{\"said\":\"third\"}", user.response().body());
    assertEquals("{\"said\":\"fourth\"}", user.response().body());
  }

  @Test
  @DisplayName("A05 the wrong role is 403 and learns nothing else")
  void refusesTheWrongRole() throws Exception {
    assertProblem(403, "forbidden", user.request("GET", "/node/v1/thing").response());
    assertProblem(403, "forbidden", user.request("OPTIONS", "/node/v1/thing").response());
    assertProblem(403, "forbidden", user.request("PUT", "/node/v1/thing", "{").response());
    try (RawConnection node = nodeConnection()) {
      assertProblem(403, "forbidden", node.request("GET", "/v1/echo/x").response());
    }
  }

  @Test
  void letsTheCommandsOfANodeSpeakToThatNodeOnly() throws Exception {
    NodeId own = server.address().node();
    try (RawConnection here = server.connect(server.cluster().authority().issueLocal(own));
        RawConnection elsewhere =
            server.connect(server.cluster().authority().issueLocal(NodeId.random()))) {
      assertEquals(200, here.request("GET", "/v1/echo/x").response().status());
      assertProblem(403, "forbidden", elsewhere.request("GET", "/v1/echo/x").response());
    }
  }

  @Test
  @DisplayName("107 H08 the wrong method is 405 with Allow, an unknown path is 404")
  void answersWrongPathsAndMethods() throws Exception {
    assertProblem(404, "not-found", user.request("GET", "/v1/nothing").response());
    assertProblem(404, "not-found", user.request("GET", "/v1/echo/").response());

    Response wrongMethod = user.request("DELETE", "/v1/echo/x").response();
    assertProblem(405, "method-not-allowed", wrongMethod);
    assertEquals("GET, HEAD, OPTIONS, POST", wrongMethod.headers().get("allow"));
  }

  @Test
  void answersHeadAndOptions() throws Exception {
    Response head = user.request("HEAD", "/v1/echo/x").headResponse();
    Response options = user.request("OPTIONS", "/v1/echo/x").response();

    assertEquals(200, head.status());
    assertEquals(
        Integer.toString("{\"said\":\"x\"}".length()), head.headers().get("content-length"));
    assertEquals(204, options.status());
    assertEquals("GET, HEAD, OPTIONS, POST", options.headers().get("allow"));
  }

  @Test
  @DisplayName("105 H08 the wrong content type is 415")
  void answersWrongMediaTypes() throws Exception {
    user.send("POST /v1/echo/x HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n{}");
    assertProblem(415, "unsupported-media-type", user.response());

    user.send("GET /v1/echo/x HTTP/1.1\r\nHost: t\r\nAccept: text/html\r\n\r\n");
    assertProblem(406, "not-acceptable", user.response());

    user.send("GET /v1/echo/x HTTP/1.1\r\nHost: t\r\nAccept: text/html, */*;q=0.1\r\n\r\n");
    assertEquals(200, user.response().status());
  }

  @Test
  @DisplayName("103 H02 a schema violation is 400 and lists every one with its JSON pointer")
  void namesEveryViolationAtOnce() throws Exception {
    Response response =
        user.request("POST", "/v1/echo/x", "{\"size\":0,\"id\":\"no\",\"more\":1}").response();

    assertProblem(400, "schema-violation", response);
    List<String> pointers =
        body(response).path("violations").values().stream()
            .map(violation -> violation.path("pointer").asString())
            .sorted()
            .toList();
    assertEquals(List.of("", "", "/id", "/size"), pointers);
  }

  @Test
  @DisplayName("102 H02 malformed JSON is 400")
  void refusesWhatIsNotOneJsonDocument() throws Exception {
    for (String bad :
        List.of(
            "",
            "{",
            "{} {}",
            "{\"name\":\"aa\",\"name\":\"bb\"}",
            "\u00ff",
            "{\"name\":\"a\\ud800\"}",
            "{\"\\udc00\":1}",
            "{\"size\":1e300}",
            "{\"size\":-1e999999999}")) {
      assertProblem(400, "malformed-request", user.request("POST", "/v1/echo/x", bad).response());
    }
  }

  @Test
  void ignoresWhatANewerNodeAddsUnlessItMustNot() throws Exception {
    try (RawConnection node = nodeConnection()) {
      Response ignored =
          node.request("PUT", "/node/v1/thing", "{\"name\":\"aa\",\"future\":1}").response();
      Response understood =
          node.request(
                  "PUT", "/node/v1/thing", "{\"name\":\"aa\",\"epoch\":1,\"must\":[\"epoch\"]}")
              .response();
      Response refused =
          node.request(
                  "PUT", "/node/v1/thing", "{\"name\":\"aa\",\"future\":1,\"must\":[\"future\"]}")
              .response();

      assertEquals(200, ignored.status());
      assertEquals(200, understood.status());
      assertProblem(400, "unsupported-requirement", refused);
    }
  }

  @Test
  void tellsOnlyTheIncidentOfWhatNobodyForesaw() throws Exception {
    Response response = user.request("GET", "/v1/broken").response();

    assertProblem(500, "internal-error", response);
    assertFalse(response.body().contains("secret"));
    assertEquals(36, body(response).path("incident").asString().length());
  }

  @Test
  @DisplayName("104 H02 output that breaks its schema is 500 and never sent")
  void neverSendsAnAnswerThatBreaksItsSchema() throws Exception {
    Response response = user.request("GET", "/v1/untrue").response();

    assertProblem(500, "internal-error", response);
    assertFalse(response.body().contains("more"));
  }

  @Test
  @DisplayName("99 a failure that is handled has its own status and document")
  void passesOnWhatAFailureSays() throws Exception {
    Response response = user.request("GET", "/v1/refused").response();

    assertProblem(409, "diverged", response);
    assertEquals("Both changed.", body(response).path("detail").asString());
    assertEquals(2, body(response).path("branches").asInt());
    assertEquals("never", body(response).path("retry").asString());
    assertEquals("receiver", body(response).path("side").asString());
  }

  @Test
  @DisplayName("H07 JSON body over the limit is 413 early; Expect: 100-continue honoured")
  void refusesALargeBodyBeforeItIsSent() throws Exception {
    user.send(
        head(
            "POST /v1/echo/x HTTP/1.1",
            "Host: t",
            "Content-Type: application/json",
            "Content-Length: 1048577",
            "Expect: 100-continue"));

    Response response = user.response();

    assertProblem(413, "body-too-large", response);
    assertEquals("close", response.headers().get("connection"));
  }

  @Test
  void refusesALargeChunkedBodyWhileItIsSent() throws Exception {
    String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
    user.send(
        head(
                "POST /v1/echo/x HTTP/1.1",
                "Host: t",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked")
            + chunk.repeat(17));

    assertProblem(413, "body-too-large", user.response());
  }

  @Test
  void asksForAnExpectedBody() throws Exception {
    user.send(
        head(
            "POST /v1/echo/x HTTP/1.1",
            "Host: t",
            "Content-Type: application/json",
            "Content-Length: 13",
            "Expect: 100-continue"));
    assertEquals(100, user.response().status());

    user.send("{\"name\":\"ab\"}");
    assertEquals("{\"said\":\"ab\"}", user.response().body());
  }

  @Test
  void refusesAnUnknownExpectation() throws Exception {
    user.send("GET /v1/echo/x HTTP/1.1\r\nHost: t\r\nExpect: a-miracle\r\n\r\n");

    assertProblem(417, "expectation-failed", user.response());
  }

  @Test
  @DisplayName("101 the body of a GET is ignored")
  void ignoresTheBodyOfARouteThatTakesNone() throws Exception {
    user.request("GET", "/v1/echo/x", "ignored");
    user.request("GET", "/v1/echo/y");

    assertEquals("{\"said\":\"x\"}", user.response().body());
    assertEquals("{\"said\":\"y\"}", user.response().body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/echo/x HTTP/1.1\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\nHost: a\n\n",
        "GET /v1/echo/a%2Fb HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/echo/%2e%2e HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/echo/%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\r\nHost : a\r\n\r\n",
        "nonsense\r\n\r\n",
        "POST /v1/echo/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        "POST /v1/echo/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST /v1/echo/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "GET x://a/v1/echo/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET evil/v1?x=://a/v1/echo/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a/v1/echo/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET https://a b/v1/echo/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/echo/x#y HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/echo/caf\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/echo/<x> HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\t/v1/echo/x\tHTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\u000b/v1/echo/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET  /v1/echo/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1 \r\nHost: a\r\n\r\n",
        " GET /v1/echo/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "\u0001GET /v1/echo/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/echo/x http/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\r\nHost:\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\r\nHost: a@b\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\r\nHost: a, b\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\r\nHost: a:b\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\r\nHost: a,b\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\r\nHost: a:65536\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\r\nHost: [::1]:99999\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\r\nHost: a\r\nX: a\u0001b\r\n\r\n",
        "GET /v1/echo/x?q=a&q=b HTTP/1.1\r\nHost: a\r\n\r\n",
      })
  void refusesMalformedRequests(String request) throws Exception {
    assertProblem(400, "malformed-request", user.send(request).response());
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.2"})
  void refusesOtherVersions(String version) throws Exception {
    user.send(head("GET /v1/echo/x " + version, "Host: a"));

    assertProblem(505, "http-version-unsupported", user.response());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\nGET /v1/echo/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET https://a:1/v1/echo/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET HTTPS://[::1]:1/v1/echo/x HTTP/1.1\r\nHost: [::1]:1\r\n\r\n",
        "GET /v1/echo/x HTTP/1.1\r\nHost:  a.example:65535 \r\nX:\ta\tb \r\n\r\n",
        "GET /v1/echo/x?q=a/b?c:@!$'()*,; HTTP/1.1\r\nHost: a\r\n\r\n",
      })
  void takesWhatIsOddAndAllowed(String request) throws Exception {
    assertEquals(200, user.send(request).response().status());
    assertEquals(200, user.request("GET", "/v1/echo/x").response().status());
  }

  @Test
  void judgesEachRequestOfAConnectionByItself() throws Exception {
    user.request("POST", "/v1/echo/x", "{\"name\":\n \"ab\"}");
    user.request("GET", "/v1/echo/y");

    assertEquals("{\"said\":\"ab\"}", user.response().body());
    assertEquals("{\"said\":\"y\"}", user.response().body());
  }

  @Test
  void answersHundredsOfRequestsThatWereSentInAdvance() throws Exception {
    user.send("GET /v1/echo/x HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1_500));

    for (int i = 0; i < 1_500; i++) {
      assertEquals(200, user.response().status());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{} {}",
        "{\"name\":tru}",
        "{\"size\":NaN}",
        "{\"size\":-Infinity}",
        "{\"size\":01}",
        "{\"size\":+1}",
        "{\"size\":.5}",
        "{\"size\":5.}",
        "{'name':'aa'}",
        "{name:1}",
        "{\"a\":1,}",
        "[1,,2]",
        "{\"name\":\"a\tb\"}",
        "{\"name\":\"\\x\"}",
        "{\"name\":1} // no",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "\u00ff",
        "{\"name\":\"aa\",\"name\":\"bb\"}"
      })
  void namesNoClassInItsComplaints(String body) throws Exception {
    String said = user.request("POST", "/v1/echo/x", body).response().body();

    assertFalse(said.matches("(?s).*(jackson|java\\.|io\\.|`|Exception|Feature).*"), said);
  }

  @Test
  void closesAfterWhatItCannotFrame() throws Exception {
    user.send(
        head(
            "POST /v1/echo/x HTTP/1.1",
            "Host: a",
            "Content-Length: 3",
            "Transfer-Encoding: chunked"));

    assertEquals("close", user.response().headers().get("connection"));
    assertTrue(user.isEnded());
  }

  @Test
  void refusesLongHeaders() throws Exception {
    user.send("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    assertProblem(431, "headers-too-large", user.response());
  }

  @Test
  void closesWhenTheCallerWantsThat() throws Exception {
    user.send("GET /v1/echo/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    assertEquals("close", user.response().headers().get("connection"));
    assertTrue(user.isEnded());
  }

  private static RawConnection nodeConnection() throws Exception {
    return server.connect(
        server.cluster().authority().issueNode(NodeId.random(), List.of("127.0.0.1")));
  }

  private static void assertProblem(int status, String type, Response response) {
    assertEquals(status, response.status(), response.body());
    assertEquals("application/problem+json", response.headers().get("content-type"));
    assertEquals("urn:flocker:problem:" + type, body(response).path("type").asString());
    assertEquals(status, body(response).path("status").asInt());
  }

  private static JsonNode body(Response response) {
    return Json.read(response.body().getBytes(ISO_8859_1));
  }

  private static JsonResponse said(String text) {
    return JsonResponse.ok(Map.of("said", text));
  }
}
