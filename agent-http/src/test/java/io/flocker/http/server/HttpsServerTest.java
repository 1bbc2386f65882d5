package io.flocker.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.pki.Credentials;
import io.flocker.http.RawConnection;
import io.flocker.http.RawConnection.Response;
import io.flocker.http.Routes;
import io.flocker.http.TestServer;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.Route;
import io.flocker.http.tls.TlsSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsServerTest {
  private final CountDownLatch isServing = new CountDownLatch(1);
  private final CountDownLatch isReleased = new CountDownLatch(1);
  private final List<Route> routes =
      List.of(
          Routes.get("/v1/quick", _ -> JsonResponse.ok(Map.of("said", "quick"))),
          Routes.get(
              "/v1/slow",
              _ -> {
                isServing.countDown();
                isReleased.await();
                return JsonResponse.ok(Map.of("said", "slow"));
              }),
          Routes.post(
              "/v1/taken",
              _ -> {
                isServing.countDown();
                return JsonResponse.ok(Map.of("said", "taken"));
              }));

  private TestServer server;
  private Credentials alice;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    server = TestServer.start(folder, TlsSettings.defaults(), HttpsServerTest::narrow, routes);
    alice = server.cluster().user("alice");
  }

  @AfterEach
  void stop() {
    isReleased.countDown();
    server.close();
  }

  @Test
  void refusesMoreRequestsThanMayBeServedAtOnce() throws Exception {
    try (RawConnection first = server.connect(alice);
        RawConnection second = server.connect(alice)) {
      first.request("GET", "/v1/slow");
      assertTrue(isServing.await(30, TimeUnit.SECONDS));

      Response refused = second.request("GET", "/v1/quick").response();
      isReleased.countDown();

      assertEquals(429, refused.status());
      assertEquals("1", refused.headers().get("retry-after"));
      assertEquals(200, first.response().status());
    }
  }

  @Test
  void refusesMoreConnectionsThanMayBeOpen() throws Exception {
    try (RawConnection first = server.connect(alice);
        RawConnection second = server.connect(alice)) {
      assertThrows(IOException.class, () -> server.connect(alice));

      assertEquals(200, first.request("GET", "/v1/quick").response().status());
      assertEquals(200, second.request("GET", "/v1/quick").response().status());
    }
  }

  @Test
  void letsARunningRequestEndWhenItCloses() throws Exception {
    InetSocketAddress address = server.server().address();
    try (RawConnection running = server.connect(alice);
        RawConnection idle = server.connect(alice)) {
      running.request("GET", "/v1/slow");
      assertTrue(isServing.await(30, TimeUnit.SECONDS));
      Thread closing = Thread.ofVirtual().start(() -> server.server().close());
      assertTrue(idle.isEnded());
      assertThrows(
          ConnectException.class, () -> new Socket(address.getAddress(), address.getPort()));

      isReleased.countDown();
      Response last = running.response();

      assertEquals(200, last.status());
      assertEquals("close", last.headers().get("connection"));
      assertTrue(closing.join(Duration.ofSeconds(30)));
      assertEquals(0, server.server().connections());
    }
  }

  @Test
  @DisplayName("B09 a body that is not whole at its deadline reaches no handler")
  void dropsABodyThatStopsInTheMiddle() throws Exception {
    try (RawConnection torn = server.connect(alice)) {
      torn.send(
          RawConnection.head(
                  "POST /v1/taken HTTP/1.1",
                  "Host: test",
                  "Content-Type: application/json",
                  "Content-Length: 15")
              + "{\"name\":");

      assertTrue(torn.isEnded());
      assertEquals(1, isServing.getCount());
    }
  }

  private static HttpsServerSettings narrow(HttpsServerSettings defaults) {
    return new HttpsServerSettings(
        defaults.bind(),
        2,
        defaults.maxRequests(),
        1,
        defaults.maxBodyBytes(),
        defaults.head(),
        Duration.ofSeconds(1),
        defaults.idle(),
        Duration.ofSeconds(30));
  }
}
