package io.flocker.transfer.stream;

import static io.flocker.transfer.stream.Outcomes.answered;
import static io.flocker.transfer.stream.Outcomes.await;
import static io.flocker.transfer.stream.Outcomes.failed;
import static io.flocker.transfer.stream.TransferSettings.HELD_BACK_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.stream.Proof;
import io.flocker.http.RawConnection;
import io.flocker.http.TestServer;
import io.flocker.http.peer.PeerClient;
import io.flocker.http.peer.PeerClientSettings;
import io.flocker.http.route.Route;
import io.flocker.http.route.StreamBody;
import io.flocker.http.route.StreamExchange;
import io.flocker.http.route.StreamHandler;
import io.flocker.http.route.StreamRoute;
import io.flocker.http.tls.TlsEngine;
import io.flocker.http.tls.TlsSettings;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From child to child through real sockets and mutual TLS. */
class StreamOverTlsTest {
  private static final String MEDIA_TYPE = "application/vnd.flocker.zfs-stream";
  private static final int LENGTH = 20_000_000;
  private static final int WARM_UP = 100;
  private static final String ENDLESS = "printf '<'; exec cat /dev/zero";

  @TempDir Path directory;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final CompletableFuture<ScriptChild> sending = new CompletableFuture<>();
  private FakeReception reception = new FakeReception("cat", MarkedStream.inspector());
  private TransferSettings settings = Settings.PATIENT;
  private StreamHandler handler = this::open;
  private TestServer server;

  @BeforeEach
  void serve() throws Exception {
    reception = keeping();
    server = serve(TlsEngine.AUTO);
  }

  @AfterEach
  void everyBufferIsReleased() {
    server.close();
    assertEquals(0, allocator.metric().usedDirectMemory());
  }

  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void whatTheSenderWritesTheReceiverReads(TlsEngine engine) throws Exception {
    try (TestServer receiving = serve(engine)) {
      StreamSender sender = send(receiving, MarkedStream.script(LENGTH));
      SendOutcome.Answered answered = answered(sender);
      assertEquals(200, answered.status());
      assertTrue(answered.body().path("isReceived").asBoolean());
      Proof proof = await(reception.received).proof();
      assertEquals(LENGTH, proof.bytes());
      assertEquals(Optional.of(proof), answered.proof());
      assertEquals(LENGTH, Files.size(file()));
    }
  }

  @Test
  @DisplayName("I01 a sending child that fails after the body began leaves the body without an end")
  void aSenderThatFailsCutsTheConnection() throws Exception {
    StreamSender sender = send(server, MarkedStream.script(LENGTH) + "; exit 1");
    SendOutcome.Failed failed = failed(sender);
    assertEquals(TransferFailure.SENDER_FAILED, failed.failure().failure());
    assertEquals(TransferFailure.STREAM_TRUNCATED, await(reception.failed).failure());
    assertTrue(Files.size(file()) <= LENGTH - HELD_BACK_BYTES);
  }

  @Test
  @DisplayName("56 I03 a receiving child that fails stops the sender, which gets its stderr")
  void aReceiverThatFailsStopsTheSender() throws Exception {
    reception =
        new FakeReception(
            "head -c 99999 > /dev/null; echo full >&2; exit 1", MarkedStream.inspector());
    SendOutcome.Answered answered = answered(send(server, ENDLESS));
    assertEquals(502, answered.status());
    assertEquals("full\n", answered.body().path("receiver").path("stderr").asString());
    assertFalse(await(sending).isAlive());
  }

  @Test
  @DisplayName("I04 a refusal before the body starts no child")
  void aRefusalBeforeTheBodyStartsNoChild() throws Exception {
    FailureException refusal = TransferFailure.BASE_MISSING.because("no such guid here");
    handler =
        _ -> {
          throw refusal;
        };
    SendOutcome.Answered answered = answered(send(server, ENDLESS));
    assertEquals(409, answered.status());
    assertEquals("urn:flocker:problem:base-missing", answered.body().path("type").asString());
    assertFalse(sending.isDone());
  }

  @Test
  @DisplayName("B02 heartbeats of a paused receiver keep the sender patient")
  void heartbeatsArrive() throws Exception {
    settings = Settings.beating(Duration.ofMillis(100), Duration.ofSeconds(3));
    Path go = directory.resolve("go");
    reception =
        new FakeReception(
            "until [ -e " + go + " ]; do sleep 0.02; done; exec cat > " + file(),
            MarkedStream.inspector());
    StreamSender sender = send(server, MarkedStream.script(LENGTH));
    while (sender.bytesTaken() == 0) {
      assertFalse(sender.outcome().toCompletableFuture().isDone());
      Thread.onSpinWait();
    }
    Files.createFile(go);
    assertEquals(200, answered(sender).status());
  }

  @Test
  @DisplayName("B04 cancelling ends both children")
  void cancellingEndsBothChildren() throws Exception {
    StreamSender sender = send(server, ENDLESS);
    await(reception.started);
    sender.cancel();
    SendOutcome.Failed failed = failed(sender);
    assertEquals(TransferFailure.CANCELLED, failed.failure().failure());
    assertFalse(await(sending).isAlive());
    assertEquals(TransferFailure.STREAM_TRUNCATED, await(reception.failed).failure());
    assertFalse(await(reception.started).isAlive());
  }

  @Test
  @DisplayName("28 B08 two hundred transfers begun and cancelled leave nothing behind")
  void cancelledTransfersLeaveNothingBehind() throws Exception {
    cancel(WARM_UP); // What is loaded, opened and pooled once is no leak.
    Holdings before = Holdings.now();
    cancel(200);
    Holdings after = Holdings.now();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!after.isWithin(before) && System.nanoTime() < deadline) {
      Thread.onSpinWait(); // The last descriptors are closed after the outcome is told.
      after = Holdings.now();
    }
    assertTrue(after.isWithin(before), "before " + before + ", after " + after);
  }

  @Test
  @DisplayName(
      "B09 a deadline in the middle of a chunk: the child never sees the end of the stream")
  void aTornChunkIsNotTaken() throws Exception {
    settings = Settings.stallingAfter(Duration.ofSeconds(3));
    try (RawConnection connection = server.connect(server.cluster().node(NodeId.random()))) {
      connection.send(
          RawConnection.head(
              "PUT /body HTTP/1.1",
              "Host: test",
              "Content-Type: " + MEDIA_TYPE,
              "Transfer-Encoding: chunked"));
      connection.send("20000\r\n"); // 128 KiB
      connection.send(Arrays.copyOf(MarkedStream.ofLength(1 << 20), 100_000));

      RawConnection.Response answer = connection.response();

      assertTrue(answer.body().contains("peer-silent"), answer::body);
    }
    assertEquals(TransferFailure.PEER_SILENT, await(reception.failed).failure());
    assertFalse(reception.received.isDone());
    assertTrue(Files.size(file()) <= 100_000 - HELD_BACK_BYTES);
  }

  @Test
  @DisplayName("B12 a stream with a rate comes whole, and no sooner than its rate allows")
  void keepsItsRate() throws Exception {
    settings = Settings.sendingAt(4 * LENGTH);
    long began = System.nanoTime();
    assertEquals(200, answered(send(server, MarkedStream.script(LENGTH))).status());
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    assertEquals(LENGTH, Files.size(file()));
    // A quarter of a second, less a burst of a tenth and one read.
    assertTrue(millis > 140, millis + " ms");
  }

  private void cancel(int times) throws Exception {
    PeerClient client = server.peerClient(PeerClientSettings.defaults());
    for (int i = 0; i < times; i++) {
      reception = new FakeReception("exec cat > /dev/null", MarkedStream.inspector());
      StreamSender sender = send(server, client, ENDLESS);
      ScriptChild receiving = await(reception.started);
      sender.cancel();
      assertEquals(TransferFailure.CANCELLED, failed(sender).failure().failure());
      assertEquals(TransferFailure.STREAM_TRUNCATED, await(reception.failed).failure());
      assertFalse(receiving.isAlive());
    }
  }

  private TestServer serve(TlsEngine engine) throws Exception {
    TlsSettings defaults = TlsSettings.defaults();
    return TestServer.start(
        Files.createTempDirectory(directory, "node"),
        new TlsSettings(engine, defaults.minimum(), defaults.handshake()),
        UnaryOperator.identity(),
        List.of(route(exchange -> handler.open(exchange))));
  }

  private FakeReception keeping() {
    return new FakeReception("exec cat > " + file(), MarkedStream.inspector());
  }

  private StreamBody open(StreamExchange exchange) {
    return StreamReceiver.open(exchange, reception, settings, allocator);
  }

  private static StreamRoute route(StreamHandler handler) {
    return StreamRoute.put("sendBody", "/body")
        .permits("transfer:receive", Route.NODES)
        .takesRaw(MEDIA_TYPE)
        .streamedTo(handler);
  }

  private StreamSender send(TestServer to, String script) throws Exception {
    return send(to, to.peerClient(PeerClientSettings.defaults()), script);
  }

  private StreamSender send(TestServer to, PeerClient client, String script) {
    StreamSender sender =
        new StreamSender(
            () -> {
              ScriptChild child = ScriptChild.sending(script);
              sending.complete(child);
              return child;
            },
            settings,
            allocator);
    client.upload(to.address(), "/body", MEDIA_TYPE, Map.of(), to.loops().next(), sender);
    return sender;
  }

  private Path file() {
    return directory.resolve("kept");
  }
}
