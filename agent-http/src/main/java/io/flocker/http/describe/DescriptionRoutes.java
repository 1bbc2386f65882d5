package io.flocker.http.describe;

import io.flocker.http.json.Json;
import io.flocker.http.route.Body;
import io.flocker.http.route.BrowserHeaders;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.RawBody;
import io.flocker.http.route.Route;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The API's description of itself, for programs and for people. Any thread. */
public final class DescriptionRoutes {
  private static final String READ = "api:read";
  private static final String HTML = "text/html";

  /** The page has its style in it, a script of this node to search it, and nothing else. */
  private static final Map<String, String> HEADERS =
      BrowserHeaders.under(
          "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; base-uri 'none';"
              + " form-action 'none'; frame-ancestors 'none'");

  private final String version;

  /** Describes the API of flockerd of that version. */
  public DescriptionRoutes(String version) {
    this.version = version;
  }

  /** All of {@code routes}, and the description of them and of itself. */
  public List<Route> over(List<? extends Route> routes) {
    List<Route> all = new ArrayList<>(routes);
    Description description = new Description(all, version);
    all.add(document(description));
    all.add(page(description));
    return List.copyOf(all);
  }

  /** Both forms of it. */
  private record Texts(RawBody json, RawBody html) {
    static Texts of(List<Route> routes, String version) {
      ObjectNode document =
          new OpenApi(routes.stream().map(Route::declaration).toList(), version).document();
      return new Texts(
          new RawBody(Body.JSON, ByteBuffer.wrap(Json.write(document))),
          new RawBody(
              HTML + "; charset=utf-8", ByteBuffer.wrap(new DocumentationPage(document).bytes())));
    }
  }

  /** What is told, written when somebody first asks for it: no start waits for that. */
  private static final class Description {
    private final List<Route> routes;
    private final String version;
    private @Nullable Texts texts;

    Description(List<Route> routes, String version) {
      this.routes = routes;
      this.version = version;
    }

    synchronized Texts texts() {
      Texts written = texts == null ? Texts.of(routes, version) : texts;
      texts = written;
      return written;
    }
  }

  private static JsonRoute document(Description description) {
    return JsonRoute.get("getOpenApi", "/v1/openapi.json")
        .permits(READ, Route.PUBLIC)
        .summary("Describe the API")
        .description("The OpenAPI 3.1 document of all that is served under /v1.")
        .answers("openapi")
        .servedBy(_ -> JsonResponse.ok(description.texts().json()));
  }

  private static JsonRoute page(Description description) {
    return JsonRoute.get("getDocs", "/v1/docs")
        .permits(READ, Route.PUBLIC)
        .summary("Explain the API")
        .description(
            "What the OpenAPI document says, and every type of problem, as one page to read.")
        .answersRaw(200, HTML)
        .servedBy(_ -> new JsonResponse(200, description.texts().html(), HEADERS));
  }
}
