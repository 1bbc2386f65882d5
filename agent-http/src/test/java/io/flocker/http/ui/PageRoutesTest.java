package io.flocker.http.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import io.flocker.core.pki.Credentials;
import io.flocker.http.TestServer;
import io.flocker.http.describe.DescriptionRoutes;
import io.flocker.http.route.Route;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as it goes over the wire, and what its files may not hold. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageRoutesTest {
  private static final List<Route> ROUTES = new PageRoutes().routes();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What this node serves, in quotes: in the page, the style and the scripts. */
  private static final Pattern PATH = Pattern.compile("[\"'](/(?:ui|v1)[^\"'?]*)");

  private TestServer server;
  private HttpClient user;
  private HttpClient node;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    server = TestServer.start(folder, new DescriptionRoutes("1.2.3").over(ROUTES));
    user = client(server.cluster().user("alice"));
    node = client(server.cluster().node(NodeId.random()));
  }

  @AfterAll
  void close() {
    user.close();
    node.close();
    server.close();
  }

  static Stream<String> paths() {
    return ROUTES.stream().map(Route::path);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aBrowserIsToldToRunNothingElse(String path) throws Exception {
    HttpResponse<String> answer = user.send(request(path).build(), BodyHandlers.ofString());

    assertEquals(200, answer.statusCode());
    assertEquals(
        List.of(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
        answer.headers().allValues("content-security-policy"));
    assertEquals(List.of("nosniff"), answer.headers().allValues("x-content-type-options"));
    assertEquals(List.of("no-referrer"), answer.headers().allValues("referrer-policy"));
    String type = answer.headers().firstValue("content-type").orElseThrow();
    assertTrue(type.endsWith("; charset=utf-8"), type);
  }

  @Test
  void thePageOfTheApiIsShieldedAlike() throws Exception {
    HttpHeaders page = user.send(request("/ui").build(), BodyHandlers.ofString()).headers();
    HttpHeaders docs = user.send(request("/v1/docs").build(), BodyHandlers.ofString()).headers();

    for (String header :
        List.of(
            "x-content-type-options",
            "referrer-policy",
            "cross-origin-resource-policy",
            "cache-control")) {
      assertEquals(page.allValues(header), docs.allValues(header), header);
    }
    assertTrue(docs.firstValue("content-security-policy").isPresent());
  }

  @ParameterizedTest
  @MethodSource("paths")
  void whoHasItIsNotSentItAgain(String path) throws Exception {
    String tag =
        user.send(request(path).build(), BodyHandlers.ofString())
            .headers()
            .firstValue("etag")
            .orElseThrow();

    HttpResponse<String> again =
        user.send(request(path).header("If-None-Match", tag).build(), BodyHandlers.ofString());

    assertEquals(304, again.statusCode());
    assertEquals("", again.body());
  }

  @ParameterizedTest
  @MethodSource("paths")
  void whoMayNotReadTheNodeDoesNotGetIt(String path) throws Exception {
    HttpResponse<String> answer = node.send(request(path).build(), BodyHandlers.ofString());

    assertEquals(403, answer.statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ui/package-info.class",
        "/ui/PageRoutes.class",
        "/ui/index.html",
        "/ui/..%2fdescribe%2fpage.css",
        "/ui/%2e%2e/describe/page.css",
        "/ui/ui.js/"
      })
  void nothingElseIsServed(String path) throws Exception {
    int status = user.send(request(path).build(), BodyHandlers.ofString()).statusCode();

    assertTrue(status == 404 || status == 400, path + ": " + status);
  }

  @Test
  void whatItIsMadeOfAsksOnlyForWhatIsThere() throws Exception {
    TreeSet<String> served = paths().collect(Collectors.toCollection(TreeSet::new));
    TreeSet<String> asked = new TreeSet<>();
    for (String path : served) {
      String text = user.send(request(path).build(), BodyHandlers.ofString()).body();
      PATH.matcher(text).results().map((MatchResult hit) -> hit.group(1)).forEach(asked::add);
    }

    assertEquals(
        List.of(
            "/ui/icon.svg",
            "/ui/ui.css",
            "/ui/ui.js",
            "/v1/configuration/status",
            "/v1/docs",
            "/v1/events",
            "/v1/history",
            "/v1/node",
            "/v1/operations",
            "/v1/peers",
            "/v1/replication",
            "/v1/version",
            "/v1/volumes"),
        List.copyOf(asked));
    assertTrue(served.containsAll(asked.stream().filter(path -> path.startsWith("/ui")).toList()));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("https://127.0.0.1:" + server.address().place().port() + path))
        .timeout(PATIENCE);
  }

  private static HttpClient client(Credentials credentials) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(credentials.sslContext())
        .build();
  }
}
