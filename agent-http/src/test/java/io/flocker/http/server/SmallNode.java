package io.flocker.http.server;

import io.flocker.http.Routes;
import io.flocker.http.TestServer;
import io.flocker.http.route.JsonResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A server in a process of its own, for tests of what fits into a heap. */
final class SmallNode {
  private SmallNode() {}

  /**
   * Serves until its input ends.
   *
   * @param args the folder for its cluster, whose users alice and bob it makes
   */
  public static void main(String[] args) throws Exception {
    JsonResponse said = JsonResponse.ok(Map.of("said", "x"));
    try (TestServer server =
        TestServer.start(
            Path.of(args[0]),
            List.of(
                Routes.get("/v1/x", _ -> said),
                Routes.post("/v1/x", _ -> said),
                Routes.get("/v1/long", "configuration", _ -> JsonResponse.ok(longDocument())),
                Routes.waiting(
                    "/v1/wait",
                    _ -> {
                      new CountDownLatch(1).await(); // Until the caller has gone.
                      return said;
                    })))) {
      var _ = server.cluster().user("alice");
      var _ = server.cluster().user("bob");
      System.out.println(server.address().place().port());
      int _ = System.in.read();
    }
  }

  /** Made anew for each, as the largest answers of a daemon are. */
  private static Map<String, Object> longDocument() {
    List<Map<String, Object>> applications = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      applications.add(
          Map.of(
              "name", "application-" + i,
              "image", "registry.example/team/image-" + i + ":latest",
              "pullPolicy", "missing",
              "program", Map.of("environment", Map.of("A", "b")),
              "ports", List.of(),
              "links", List.of(),
              "volumes", List.of(),
              "limits", Map.of("ulimits", Map.of()),
              "startsAfter", List.of()));
    }
    return Map.of(
        "generation",
        1,
        "accepted",
        Instant.now(),
        "applications",
        applications,
        "nodes",
        List.of());
  }
}
