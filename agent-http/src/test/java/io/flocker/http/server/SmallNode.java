package io.flocker.http.server;

import io.flocker.http.Routes;
import io.flocker.http.TestServer;
import io.flocker.http.route.JsonResponse;
import java.nio.file.Path;
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
}
