package io.flocker.cli.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.http.TestServer;
import io.flocker.http.json.Json;
import io.flocker.http.route.Route;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What flockerd says of its public API, fetched over mutual TLS.
 *
 * @param routes what it serves
 * @param document its OpenAPI document
 * @param page the page for people
 */
record PublishedApi(List<Route> routes, JsonNode document, String page) {
  static PublishedApi fetch(Path folder) throws Exception {
    List<Route> routes = ServedRoutes.in(Files.createDirectory(folder.resolve("node")));
    Path files = Files.createDirectory(folder.resolve("server"));
    try (TestServer server = TestServer.start(files, routes);
        HttpClient client =
            HttpClient.newBuilder()
                .sslContext(server.cluster().user("alice").sslContext())
                .build()) {
      URI url = URI.create("https://127.0.0.1:" + server.address().place().port() + "/v1/");
      String document = get(client, url.resolve("openapi.json"));
      return new PublishedApi(
          routes, Json.read(document.getBytes(UTF_8)), get(client, url.resolve("docs")));
    }
  }

  private static String get(HttpClient client, URI url) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).body();
  }
}
