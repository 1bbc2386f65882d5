package io.flocker.http.describe;

import io.flocker.http.json.Json;
import io.flocker.http.route.Body;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.JsonRoute;
import io.flocker.http.route.RawBody;
import io.flocker.http.route.Route;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** The API's description of itself, for programs and for people. Any thread. */
public final class DescriptionRoutes {
  private static final String READ = "api:read";
  private static final String HTML = "text/html";

  /** The page has its style in it, and nothing else. */
  private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

  private final String version;

  /** Describes the API of flockerd of that version. */
  public DescriptionRoutes(String version) {
    this.version = version;
  }

  /** All of {@code routes}, and the description of them and of itself. */
  public List<Route> over(List<? extends Route> routes) {
    JsonRoute document = document(new RawBody(Body.JSON, ByteBuffer.allocate(0)));
    JsonRoute page = page(new RawBody(HTML, ByteBuffer.allocate(0)));
    List<Route> all =
        Stream.concat(routes.stream(), Stream.of(document, page)).map(Route.class::cast).toList();
    ObjectNode description =
        new OpenApi(all.stream().map(Route::declaration).toList(), version).document();
    RawBody json = new RawBody(Body.JSON, ByteBuffer.wrap(Json.write(description)));
    RawBody html =
        new RawBody(
            HTML + "; charset=utf-8", ByteBuffer.wrap(new DocumentationPage(description).bytes()));
    return Stream.<Route>concat(routes.stream(), Stream.of(document(json), page(html))).toList();
  }

  private static JsonRoute document(RawBody body) {
    return JsonRoute.get("getOpenApi", "/v1/openapi.json")
        .permits(READ, Route.PUBLIC)
        .summary("Describe the API")
        .description("The OpenAPI 3.1 document of all that is served under /v1.")
        .answers("openapi")
        .servedBy(_ -> JsonResponse.ok(body));
  }

  private static JsonRoute page(RawBody body) {
    return JsonRoute.get("getDocs", "/v1/docs")
        .permits(READ, Route.PUBLIC)
        .summary("Explain the API")
        .description(
            "What the OpenAPI document says, and every type of problem, as one page to read.")
        .answersRaw(200, HTML)
        .servedBy(_ -> new JsonResponse(200, body, Map.of("Content-Security-Policy", POLICY)));
  }
}
