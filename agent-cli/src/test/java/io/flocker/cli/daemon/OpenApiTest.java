package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.http.TestServer;
import io.flocker.http.json.Json;
import io.flocker.http.route.Route;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What flockerd says of its public API, over mutual TLS: it is OpenAPI 3.1, and it is the truth.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
  private List<Route> routes = List.of();
  private JsonNode document;

  @BeforeAll
  void fetch(@TempDir Path folder) throws Exception {
    routes = ServedRoutes.in(Files.createDirectory(folder.resolve("node")));
    try (TestServer server =
            TestServer.start(Files.createDirectory(folder.resolve("server")), routes);
        HttpClient client =
            HttpClient.newBuilder()
                .sslContext(server.cluster().user("alice").sslContext())
                .build()) {
      URI url = URI.create("https://127.0.0.1:" + server.address().port() + "/v1/");
      document =
          Json.read(
              client
                  .send(
                      HttpRequest.newBuilder(url.resolve("openapi.json")).build(),
                      BodyHandlers.ofByteArray())
                  .body());
    }
  }

  @Test
  void describesWhatIsServedAndNothingElse() {
    Set<String> described = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .propertyNames()
                .forEach(method ->
                    described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    Set<String> served = new TreeSet<>();
    routes.stream()
        .filter(route -> route.declaration().isPublic())
        .forEach(route -> served.add(route.method() + " " + route.path()));

    assertEquals(served, described);
  }
}
