package io.flocker.http.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.TaskId;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.KeyAlgorithm;
import io.flocker.http.Routes;
import io.flocker.http.TestServer;
import io.flocker.http.json.Json;
import io.flocker.http.route.JsonResponse;
import io.flocker.http.route.Route;
import io.flocker.http.server.HttpsServerSettings.Deadlines;
import io.flocker.http.tls.TlsContexts;
import io.flocker.http.tls.TlsSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class PeerClientTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

  private final AtomicReference<Map<String, String>> headers = new AtomicReference<>(Map.of());
  private final CountDownLatch isReleased = new CountDownLatch(1);
  private TestServer server;
  private PeerClient client;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    List<Route> routes =
        List.of(
            Routes.nodePut(
                "/node/v1/thing",
                request -> {
                  headers.set(request.headers());
                  return said(request.body().path("name").asString());
                }),
            Routes.nodePut(
                "/node/v1/refused",
                _ -> {
                  throw TransferFailure.DIVERGED.because("Both changed.").with("branches", 2);
                }),
            Routes.nodePut(
                "/node/v1/slow",
                _ -> {
                  isReleased.await();
                  return said("slow");
                }),
            Routes.nodePut("/node/v1/odd", _ -> new JsonResponse(418, Map.of("a", 1), Map.of())));
    server = TestServer.start(folder, routes);
    client = server.peerClient(PeerClientSettings.defaults());
  }

  @AfterEach
  void stop() {
    isReleased.countDown();
    server.close();
  }

  @Test
  void asksAndHearsTheAnswer() throws Exception {
    assertEquals("aa", ask("/node/v1/thing").path("said").asString());
    assertTrue(TaskId.parse(headers.get().getOrDefault("x-eliot-task-id", "")).isPresent());
  }

  @Test
  void bringsThePeersFailureBackWithItsMembers() {
    FailureException failure = refused(TransferFailure.DIVERGED, "/node/v1/refused");

    assertEquals("Both changed.", failure.detail());
    assertEquals(Json.tree(2), failure.members().get("branches"));
  }

  @Test
  void tellsWhatAPeerSaidThatThisVersionDoesNotKnow() {
    FailureException failure = refused(TransferFailure.PEER_FAILED, "/node/v1/odd");

    assertTrue(failure.detail().contains("418"));
  }

  @Test
  void tellsThatThePeerIsSilent() {
    FailureException failure =
        assertThrows(
            FailureException.class,
            () ->
                client.call(
                    server.address(),
                    "PUT",
                    "/node/v1/slow",
                    Map.of("name", "aa"),
                    Duration.ofMillis(300)));

    assertEquals(TransferFailure.PEER_SILENT, failure.failure());
  }

  @Test
  void tellsThatNobodyIsThere() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }

    assertFailure(
        TransferFailure.PEER_UNREACHABLE,
        new PeerAddress(NodeId.random(), new Address("127.0.0.1", port)));
    assertFailure(
        TransferFailure.PEER_UNREACHABLE,
        new PeerAddress(NodeId.random(), new Address("host.invalid", port)));
  }

  @Test
  void sendsNothingToAnotherNodeThanWasMeant() throws Exception {
    PeerAddress other = new PeerAddress(NodeId.random(), server.address().place());

    assertFailure(TransferFailure.PEER_IDENTITY, other);
    assertEquals(Map.of(), headers.get());
  }

  @Test
  void sendsNothingToAHostThatTheCertificateDoesNotName() throws Exception {
    NodeId node = NodeId.random();
    try (ScriptedPeer elsewhere =
        new ScriptedPeer(node, server.cluster().node(node, "10.0.0.1"), List.of(List.of()))) {
      assertFailure(TransferFailure.PEER_IDENTITY, elsewhere.address());
    }
  }

  @Test
  @DisplayName("A02 a peer with a certificate of another authority")
  void sendsNothingToANodeOfAnotherCluster() throws Exception {
    NodeId node = NodeId.random();
    CertificateAuthority other = CertificateAuthority.create("other", KeyAlgorithm.EC);
    try (ScriptedPeer stranger =
        new ScriptedPeer(node, other.issueNode(node, List.of("127.0.0.1")), List.of(List.of()))) {
      assertFailure(TransferFailure.PEER_IDENTITY, stranger.address());
    }
  }

  @Test
  void saysThatTheCertificateOfAPeerIsNotInForce() throws Exception {
    NodeId node = NodeId.random();
    Credentials early = server.cluster().nodeOfOneDay(node, Duration.ofDays(-2));
    try (ScriptedPeer peer = new ScriptedPeer(node, early, List.of(List.of()))) {
      assertFailure(TransferFailure.CERTIFICATE_NOT_IN_FORCE, peer.address());
    }
  }

  @Test
  void saysThatThisNodesCertificateIsNotInForceToAPeer() throws Exception {
    Credentials early = server.cluster().nodeOfOneDay(NodeId.random(), Duration.ofDays(-2));
    try (TlsContexts tls = TlsContexts.of(TlsSettings.defaults(), early);
        PeerClient other = new PeerClient(server.loops(), tls, PeerClientSettings.defaults())) {
      FailureException failure =
          assertThrows(
              FailureException.class,
              () -> other.call(server.address(), "PUT", "/node/v1/thing", null, PATIENCE));

      assertEquals(TransferFailure.CERTIFICATE_NOT_IN_FORCE, failure.failure(), failure.detail());
    }
  }

  /** What takes many times its text as a tree, such as would end the daemon. */
  static Stream<String> tooMuch() {
    return Stream.of(
        "[" + "{},".repeat(1_000_000) + "{}]",
        "{\"type\":\"urn:flocker:problem:diverged\",\"branches\":["
            + "{},".repeat(300_000)
            + "{}]}",
        "[".repeat(10_000) + "]".repeat(10_000),
        "\"" + "x".repeat(5 << 20) + "\"");
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("tooMuch")
  void refusesAnAnswerThatIsLongerThanAnyThatBelongsHere(String body) throws Exception {
    for (String status : List.of("200 OK", "409 Conflict")) {
      NodeId node = NodeId.random();
      String answer =
          "HTTP/1.1 %s\r\ncontent-length: %d\r\n\r\n%s".formatted(status, body.length(), body);
      try (ScriptedPeer peer =
          new ScriptedPeer(node, server.cluster().node(node), List.of(List.of(answer)))) {
        assertFailure(TransferFailure.PEER_FAILED, peer.address());
      }
    }
  }

  @Test
  void refusesWhatThereIsNoRoomForAndGivesTheRoomBack() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\ncontent-length: 3000\r\n\r\n\"" + "x".repeat(2998) + "\"";
    List<String> answers = List.of(answer, answer, answer, answer);
    for (boolean hasRoom : List.of(true, false)) {
      NodeId node = NodeId.random();
      PeerClientSettings settings =
          new PeerClientSettings(
              Duration.ofSeconds(10),
              Duration.ofSeconds(10),
              Duration.ofSeconds(30),
              4,
              1 << 20,
              hasRoom ? 12_000 : 11_990);
      try (PeerClient small = server.peerClient(settings);
          ScriptedPeer peer =
              new ScriptedPeer(node, server.cluster().node(node), List.of(answers))) {
        for (int i = 0; hasRoom && i < answers.size(); i++) {
          var _ = small.call(peer.address(), "GET", "/node/v1/x", null, PATIENCE);
        }
        if (!hasRoom) {
          FailureException spent =
              assertThrows(
                  FailureException.class,
                  () -> small.call(peer.address(), "GET", "/node/v1/x", null, PATIENCE));
          assertEquals(TransferFailure.PEER_FAILED, spent.failure());
          assertTrue(spent.detail().contains(node.toString()), spent.detail());
        }
      }
    }
  }

  @Test
  void usesOneConnectionForOneCallAfterTheOther() throws Exception {
    NodeId node = NodeId.random();
    // The second connection would find no script.
    try (ScriptedPeer peer =
        new ScriptedPeer(node, server.cluster().node(node), List.of(List.of(OK, OK, OK)))) {
      for (int i = 0; i < 3; i++) {
        var _ = client.call(peer.address(), "GET", "/node/v1/x", null, PATIENCE);
      }
      assertEquals(3, peer.requests().size());
    }
  }

  @Test
  void saysAnIdempotentRequestAgainWhenThePooledConnectionHadJustEnded() throws Exception {
    NodeId node = NodeId.random();
    try (ScriptedPeer peer =
        new ScriptedPeer(node, server.cluster().node(node), List.of(List.of(OK), List.of(OK)))) {
      var _ = client.call(peer.address(), "GET", "/node/v1/first", null, PATIENCE);
      var _ = client.call(peer.address(), "GET", "/node/v1/second", null, PATIENCE);

      List<String> lines = lines(peer);
      assertEquals(
          List.of(
              "GET /node/v1/first HTTP/1.1",
              "GET /node/v1/second HTTP/1.1",
              "GET /node/v1/second HTTP/1.1"),
          lines);
    }
  }

  @Test
  void saysNoOtherRequestTwice() throws Exception {
    NodeId node = NodeId.random();
    try (ScriptedPeer peer =
        new ScriptedPeer(node, server.cluster().node(node), List.of(List.of(OK), List.of(OK)))) {
      var _ = client.call(peer.address(), "POST", "/node/v1/first", null, PATIENCE);
      FailureException failure =
          assertThrows(
              FailureException.class,
              () -> client.call(peer.address(), "POST", "/node/v1/second", null, PATIENCE));

      assertEquals(TransferFailure.PEER_UNREACHABLE, failure.failure());
      assertEquals(2, lines(peer).size());
    }
  }

  @Test
  void tellsThatThePeersAnswerIsOfNoUse() throws Exception {
    NodeId node = NodeId.random();
    String large = "HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n" + "x".repeat(9 << 20);
    List<String> useless =
        List.of("nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{", large);
    Credentials credentials = server.cluster().node(node);
    for (String answer : useless) {
      try (ScriptedPeer peer = new ScriptedPeer(node, credentials, List.of(List.of(answer)))) {
        assertFailure(TransferFailure.PEER_FAILED, peer.address());
      }
    }
  }

  @Test
  void passesOverInterimResponses() throws Exception {
    NodeId node = NodeId.random();
    String late = "HTTP/1.1 102 Processing\r\n\r\n" + OK;
    try (ScriptedPeer peer =
        new ScriptedPeer(node, server.cluster().node(node), List.of(List.of(late, OK)))) {
      var _ = client.call(peer.address(), "GET", "/node/v1/x", null, PATIENCE);
      var _ = client.call(peer.address(), "GET", "/node/v1/x", null, PATIENCE);
    }
  }

  @Test
  void waitsForAsLongAsThePeerSaysThatItIsAtWork(@TempDir Path folder) throws Exception {
    Duration silence = Duration.ofSeconds(2);
    long begun = System.nanoTime();
    Route slow =
        Routes.nodePut(
            "/node/v1/slow",
            _ -> {
              while (System.nanoTime() - begun < silence.multipliedBy(2).toNanos()) {
                Thread.sleep(silence.dividedBy(20)); // What it waits for is the client's patience.
              }
              return said("slow");
            });
    Deadlines usual = Deadlines.usual();
    Deadlines talkative =
        new Deadlines(
            usual.handshake(),
            usual.head(),
            usual.body(),
            usual.idle(),
            usual.drain(),
            silence.dividedBy(20));
    try (TestServer busy =
        TestServer.start(
            folder, TlsSettings.defaults(), defaults -> defaults.with(talkative), List.of(slow))) {
      JsonNode answer =
          busy.peerClient(PeerClientSettings.defaults())
              .call(busy.address(), "PUT", "/node/v1/slow", Map.of("name", "aa"), silence);

      assertEquals("slow", answer.path("said").asString());
    }
  }

  @Test
  void hearsThatThereIsNothing() throws Exception {
    FailureException failure =
        assertThrows(
            FailureException.class,
            () -> client.call(server.address(), "GET", "/node/v1/nothing", null, PATIENCE));

    assertEquals(RequestFailure.NOT_FOUND, failure.failure());
  }

  private JsonNode ask(String path) throws FailureException {
    return client.call(server.address(), "PUT", path, Map.of("name", "aa"), PATIENCE);
  }

  private FailureException refused(Failure expected, String path) {
    FailureException failure = assertThrows(FailureException.class, () -> ask(path));
    assertEquals(expected, failure.failure(), failure.detail());
    return failure;
  }

  private void assertFailure(Failure expected, PeerAddress peer) {
    FailureException failure =
        assertThrows(
            FailureException.class,
            () -> client.call(peer, "PUT", "/node/v1/thing", Map.of("name", "aa"), PATIENCE));
    assertEquals(expected, failure.failure(), failure.detail());
  }

  private static List<String> lines(ScriptedPeer peer) {
    List<String> heads = new ArrayList<>();
    var _ = peer.requests().drainTo(heads);
    return heads.stream().map(head -> head.lines().findFirst().orElse("")).toList();
  }

  private static JsonResponse said(String text) {
    return JsonResponse.ok(Map.of("said", text));
  }
}
