package io.flocker.transfer.stream;

import static io.flocker.transfer.stream.TransferSettings.HELD_BACK_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.stream.Proof;
import io.flocker.http.TestServer;
import io.flocker.http.peer.PeerClient;
import io.flocker.http.peer.PeerClientSettings;
import io.flocker.http.route.Caller;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  @DisplayName("I03 a receiving child that fails stops the sender, which gets its stderr")
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
    return new StreamRoute(
        "PUT", "/body", Set.of(Caller.NODE), "transfer:receive", MEDIA_TYPE, handler);
  }

  private StreamSender send(TestServer to, String script) throws Exception {
    StreamSender sender =
        new StreamSender(
            () -> {
              ScriptChild child = ScriptChild.sending(script);
              sending.complete(child);
              return child;
            },
            settings,
            allocator);
    PeerClient client = to.peerClient(PeerClientSettings.defaults());
    client.upload(to.address(), "/body", MEDIA_TYPE, Map.of(), to.loops().next(), sender);
    return sender;
  }

  private Path file() {
    return directory.resolve("kept");
  }

  private static SendOutcome.Answered answered(StreamSender sender) throws Exception {
    SendOutcome outcome = outcome(sender);
    return assertInstanceOf(SendOutcome.Answered.class, outcome, outcome::toString);
  }

  private static SendOutcome.Failed failed(StreamSender sender) throws Exception {
    SendOutcome outcome = outcome(sender);
    return assertInstanceOf(SendOutcome.Failed.class, outcome, outcome::toString);
  }

  private static SendOutcome outcome(StreamSender sender) throws Exception {
    return await(sender.outcome().toCompletableFuture());
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }
}
