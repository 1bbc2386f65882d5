package io.flocker.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import io.flocker.core.pki.Credentials;
import io.flocker.http.RawConnection;
import io.flocker.http.RawConnection.Response;
import io.flocker.http.Routes;
import io.flocker.http.TestServer;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.Route;
import io.flocker.http.server.HttpsServerSettings.Deadlines;
import io.flocker.http.server.HttpsServerSettings.Limits;
import io.flocker.http.tls.TlsSettings;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsServerTest {
  private static final InetAddress STRANGERS = InetAddress.ofLiteral("127.0.0.2");

  private final CountDownLatch isServing = new CountDownLatch(1);
  private final CountDownLatch isReleased = new CountDownLatch(1);
  private final Semaphore waiting = new Semaphore(0);
  private final Semaphore left = new Semaphore(0);
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
          Routes.get(
              "/v1/told",
              request -> {
                request.departure().then(left::release);
                waiting.release();
                isReleased.await();
                return JsonResponse.ok(Map.of("said", "told"));
              }),
          Routes.waiting(
              "/v1/wait",
              _ -> {
                waiting.release();
                try {
                  isReleased.await();
                } catch (InterruptedException e) {
                  left.release();
                  throw e;
                }
                return JsonResponse.ok(Map.of("said", "waited"));
              }),
          Routes.nodePut(
              "/node/v1/slow",
              _ -> {
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
  void servesOnASocketThatListensAlready() throws Exception {
    var passed = listening();
    HttpsServerSettings settings =
        HttpsServerSettings.on(passed.localAddress()).over(OptionalInt.of(passed.intValue()));
    try (HttpsServer second = HttpsServer.start(settings, server.tls(), server.loops(), routes);
        RawConnection caller = RawConnection.open(alice, second.address())) {
      assertEquals(passed.localAddress().getPort(), second.address().getPort());
      assertEquals(200, caller.request("GET", "/v1/quick").response().status());
    }
  }

  @Test
  void takesNoneOverThatListensOnAnotherPortThanItsOwn() throws Exception {
    var passed = listening();
    var address = new InetSocketAddress(passed.localAddress().getAddress(), 1);

    assertTrue(refusal(passed, address).contains("make them the same"));
  }

  @Test
  void takesNoneOverThatListensWhereItShallNot() throws Exception {
    var everywhere = listening("0.0.0.0");
    int port = everywhere.localAddress().getPort();
    var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);

    String refusal = refusal(everywhere, address);

    assertTrue(refusal.contains("the settings say /127.0.0.1:" + port), refusal);
  }

  @Test
  void takesOneOverThatListensEverywhereHoweverThatIsWritten() throws Exception {
    var everywhere = listening("0.0.0.0");
    int port = everywhere.localAddress().getPort();
    HttpsServerSettings settings =
        HttpsServerSettings.on(new InetSocketAddress(InetAddress.ofLiteral("::"), port))
            .over(OptionalInt.of(everywhere.intValue()));

    try (HttpsServer second = HttpsServer.start(settings, server.tls(), server.loops(), routes)) {
      assertEquals(port, second.address().getPort());
    }
  }

  @Test
  void takesNoneOverThatIsNotOfTcp(@TempDir Path folder) throws Exception {
    var passed = io.netty.channel.unix.Socket.newSocketDomain();
    passed.bind(new DomainSocketAddress(folder.resolve("socket").toString()));
    passed.listen(1);

    String refusal = refusal(passed, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));

    assertTrue(refusal.contains("make them the same"), refusal);
  }

  private String refusal(io.netty.channel.unix.Socket passed, InetSocketAddress address) {
    HttpsServerSettings settings =
        HttpsServerSettings.on(address).over(OptionalInt.of(passed.intValue()));
    return String.valueOf(
        assertThrows(
                IOException.class,
                () -> HttpsServer.start(settings, server.tls(), server.loops(), routes))
            .getMessage());
  }

  private static io.netty.channel.unix.Socket listening() throws IOException {
    return listening("127.0.0.1");
  }

  private static io.netty.channel.unix.Socket listening(String address) throws IOException {
    var socket = io.netty.channel.unix.Socket.newSocketStream();
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    socket.listen(1);
    return socket;
  }

  @Test
  void servesNoMoreRequestsOfOneCallerThanItsShareAndThoseOfAnother() throws Exception {
    try (RawConnection first = server.connect(alice);
        RawConnection second = server.connect(alice);
        RawConnection other = server.connect(server.cluster().user("bob"))) {
      first.request("GET", "/v1/slow");
      assertTrue(isServing.await(30, TimeUnit.SECONDS));

      Response refused = second.request("GET", "/v1/quick").response();
      Response served = other.request("GET", "/v1/quick").response();
      isReleased.countDown();

      assertEquals(429, refused.status());
      assertEquals("1", refused.headers().get("retry-after"));
      assertEquals(200, served.status());
      assertEquals(200, first.response().status());
    }
  }

  @Test
  void hasThePlaceOfACallerThatHasGoneWhileItWaited() throws Exception {
    for (int i = 0; i < 5; i++) {
      RawConnection gone = server.connect(alice);
      gone.request("GET", "/v1/wait?wait=60s");
      assertTrue(waiting.tryAcquire(30, TimeUnit.SECONDS), "round " + i);
      gone.hangUp();
      assertTrue(left.tryAcquire(30, TimeUnit.SECONDS), "round " + i);
    }
  }

  @Test
  @DisplayName("B04 what is done for a caller alone is told that he has gone")
  void tellsWorkThatNobodyWaitsForIt() throws Exception {
    RawConnection gone = server.connect(alice);
    gone.request("GET", "/v1/told");
    assertTrue(waiting.tryAcquire(30, TimeUnit.SECONDS));

    gone.hangUp();

    assertTrue(left.tryAcquire(30, TimeUnit.SECONDS));
    isReleased.countDown();
  }

  @Test
  void servesWhoAsksWhileAnotherRequestOfTheSameCallerWaits() throws Exception {
    try (RawConnection first = server.connect(alice);
        RawConnection second = server.connect(alice)) {
      first.request("GET", "/v1/wait?wait=60s");
      waiting.acquire();

      assertEquals(200, second.request("GET", "/v1/quick").response().status());
      assertEquals(429, second.request("GET", "/v1/wait?wait=60s").response().status());
      isReleased.countDown();
      assertEquals(200, first.response().status());
    }
  }

  @Test
  void letsTheLongestIdleConnectionOfACallerMakeWayForItsNext() throws Exception {
    try (RawConnection first = server.connect(alice);
        RawConnection second = server.connect(alice);
        RawConnection other = server.connect(server.cluster().user("bob"))) {
      assertEquals(200, second.request("GET", "/v1/quick").response().status());
      assertEquals(200, first.request("GET", "/v1/quick").response().status());
      try (RawConnection third = server.connect(alice)) {
        assertTrue(second.isEnded());
        assertEquals(200, third.request("GET", "/v1/quick").response().status());
        assertEquals(200, first.request("GET", "/v1/quick").response().status());
        assertEquals(200, other.request("GET", "/v1/quick").response().status());
      }
    }
  }

  @Test
  void tellsThatThereAreMoreConnectionsThanMayBeOpen() throws Exception {
    try (RawConnection first = server.connect(alice);
        RawConnection second = server.connect(alice)) {
      first.request("GET", "/v1/wait?wait=60s");
      waiting.acquire();
      second.request("GET", "/v1/slow");
      assertTrue(isServing.await(30, TimeUnit.SECONDS));
      try (RawConnection third = server.connect(alice);
          RawConnection other = server.connect(server.cluster().user("bob"))) {
        Response refused = third.request("GET", "/v1/quick").response();

        assertEquals(503, refused.status());
        assertTrue(refused.body().contains("too-many-connections"), refused.body());
        String speaker = "\"node\":\"" + server.address().node() + "\"";
        assertTrue(refused.body().contains(speaker), refused.body());
        assertEquals("1", refused.headers().get("retry-after"));
        assertTrue(third.isEnded());
        assertEquals(200, other.request("GET", "/v1/quick").response().status());
      }
      isReleased.countDown();
      assertEquals(200, first.response().status());
      assertEquals(200, second.response().status());
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
  void tellsNodesAloneThatItIsAtWork() throws Exception {
    try (RawConnection node = server.connect(server.cluster().node(NodeId.random()));
        RawConnection user = server.connect(alice)) {
      user.request("GET", "/v1/slow");
      assertTrue(isServing.await(30, TimeUnit.SECONDS));
      node.request("PUT", "/node/v1/slow", "{\"name\": \"aa\"}");
      assertEquals(102, node.response().status());
      assertEquals(102, node.response().status());

      isReleased.countDown();
      Response last = node.response();
      while (last.status() == 102) {
        last = node.response();
      }

      assertEquals(200, last.status());
      assertEquals(200, user.response().status());
      assertEquals(404, node.request("PUT", "/node/v1/other", "{}").response().status());
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

  @Test
  @DisplayName("strangers from one address do not shut out those who belong at another")
  void letsInWhoBelongsWhileStrangersFlood() throws Exception {
    InetSocketAddress address = server.server().address();
    List<Socket> strangers = new ArrayList<>();
    try {
      int good = 0;
      for (int i = 0; i < 1_100; i++) {
        strangers.add(
            new Socket(address.getAddress(), address.getPort(), STRANGERS, 0)); // says nothing
        if (i % 13 == 0) {
          try (RawConnection user = server.connect(alice)) {
            good += user.request("GET", "/v1/quick").response().status() == 200 ? 1 : 0;
          }
        }
      }
      assertEquals(85, good);
      assertTrue(server.server().refusedHandshakes() > 0);
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
  }

  @Test
  void makesRoomForANewcomerWhereTheHandshakesOfOneAddressAreTooMany() throws Exception {
    InetSocketAddress address = server.server().address();
    try (Socket oldest = new Socket(address.getAddress(), address.getPort(), STRANGERS, 0)) {
      oldest.setSoTimeout(30_000);
      List<Socket> more = new ArrayList<>();
      // Twice as many: event loops side by side may take the first one for the second.
      for (int i = 0; i < 2 * HttpsServerSettings.Limits.usual().handshakesOfAddress(); i++) {
        more.add(new Socket(address.getAddress(), address.getPort(), STRANGERS, 0));
      }
      assertEquals(-1, oldest.getInputStream().read());
      for (Socket one : more) {
        one.close();
      }
    }
  }

  private static HttpsServerSettings narrow(HttpsServerSettings defaults) {
    Limits limits = defaults.limits();
    Deadlines deadlines = defaults.deadlines();
    return defaults
        .with(
            new Limits(
                4,
                limits.handshakes(),
                limits.handshakesOfAddress(),
                limits.requestsOfConnection(),
                2,
                limits.bodyBytes(),
                limits.bodyBudgetBytes()))
        .with(
            new Deadlines(
                Duration.ofMinutes(5),
                deadlines.head(),
                Duration.ofSeconds(1),
                deadlines.idle(),
                Duration.ofSeconds(30),
                Duration.ofMillis(20)));
  }
}
