package io.flocker.http.peer;

import static io.netty.buffer.Unpooled.copiedBuffer;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.http.RecordingBody;
import io.flocker.http.Routes;
import io.flocker.http.TestServer;
import io.flocker.http.peer.UploadTest.Heard.Accepted;
import io.flocker.http.peer.UploadTest.Heard.Failed;
import io.flocker.http.peer.UploadTest.Heard.Interim;
import io.flocker.http.peer.UploadTest.Heard.Responded;
import io.flocker.http.route.Route;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class UploadTest {
  private static final int CHUNK_BYTES = 256 * 1024;

  private final BlockingQueue<RecordingBody> bodies = new LinkedBlockingQueue<>();
  private TestServer server;
  private PeerClient client;
  private EventLoop loop;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    List<Route> routes =
        List.of(
            Routes.stream(
                "/node/v1/taken",
                exchange -> {
                  RecordingBody body = new RecordingBody(exchange);
                  bodies.add(body);
                  body.readOn();
                  return body;
                }),
            Routes.stream(
                "/node/v1/refused",
                _ -> {
                  throw TransferFailure.RECEIVE_IN_PROGRESS.because("Busy.");
                }));
    server = TestServer.start(folder, routes);
    client = server.peerClient(PeerClientSettings.defaults());
    loop = server.loops().next();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void sendsABodyItsTrailerAndReusesTheConnection() throws Exception {
    for (int i = 0; i < 3; i++) {
      Ear ear = upload("/node/v1/taken");
      Upload upload = ear.hear(Accepted.class).upload();
      loop.execute(() -> {
        upload.write(copiedBuffer("abc", ISO_8859_1));
        upload.write(copiedBuffer("de", ISO_8859_1));
        upload.finish(Map.of("Flocker-Proof", "p"));
      });
      RecordingBody body = body();

      assertEquals(new RecordingBody.Event.Last("abcde", Map.of("flocker-proof", "p")), body.end());
      body.respond(200, Map.of("said", "done"));
      Responded response = ear.hear(Responded.class);
      assertEquals(200, response.status());
      assertEquals("done", response.body().path("said").asString());
    }
    assertEquals(1, server.server().connections());
  }

  @Test
  void hearsInterimResponsesWhileItSends() throws Exception {
    Ear ear = upload("/node/v1/taken");
    Upload upload = ear.hear(Accepted.class).upload();
    RecordingBody body = body();

    body.run(exchange -> exchange.interim(Map.of("Flocker-Taken", "42")));

    assertEquals("42", ear.hear(Interim.class).headers().get("flocker-taken"));
    loop.execute(upload::abort);
    assertInstanceOf(RecordingBody.Event.Aborted.class, body.end());
  }

  @Test
  @DisplayName("I04 a refusal instead of 100 (Continue)")
  void hearsARefusalBeforeAnyByteFlows() throws Exception {
    Responded response = upload("/node/v1/refused").hear(Responded.class);

    assertEquals(409, response.status());
    assertEquals(
        "urn:flocker:problem:receive-in-progress", response.body().path("type").asString());
  }

  @Test
  @DisplayName("I04 an early answer is heard while the body still flows: 40 of 40")
  void hearsAnEarlyAnswerWhileItSends() throws Exception {
    for (int i = 0; i < 40; i++) {
      Ear ear = upload("/node/v1/taken");
      Upload upload = ear.hear(Accepted.class).upload();
      loop.execute(() -> ear.pourInto(upload));
      body().run(exchange -> exchange.fail(TransferFailure.STREAM_REFUSED.because("Early.")));

      assertEquals(422, ear.hear(Responded.class).status());
    }
  }

  @Test
  void abortsWithoutALastChunk() throws Exception {
    Ear ear = upload("/node/v1/taken");
    Upload upload = ear.hear(Accepted.class).upload();

    loop.execute(() -> {
      upload.write(copiedBuffer("abc", ISO_8859_1));
      upload.abort();
    });

    assertInstanceOf(RecordingBody.Event.Aborted.class, body().end());
  }

  @Test
  void tellsThatThePeerNeitherAcceptsNorRefuses() throws Exception {
    NodeId node = NodeId.random();
    PeerClient impatient =
        server.peerClient(
            new PeerClientSettings(
                Duration.ofSeconds(10),
                Duration.ofMillis(200),
                Duration.ofSeconds(30),
                4,
                1024,
                1 << 20));
    try (ScriptedPeer silent =
        new ScriptedPeer(node, server.cluster().node(node), List.of(List.of("", "")))) {
      Ear ear = new Ear();
      impatient.upload(silent.address(), "/x", "application/octet-stream", Map.of(), loop, ear);

      assertEquals(TransferFailure.PEER_SILENT, ear.hear(Failed.class).failure().failure());
    }
  }

  @Test
  void tellsThatTheConnectionWasLost() throws Exception {
    NodeId node = NodeId.random();
    String accepted = "HTTP/1.1 100 Continue\r\n\r\n";
    try (ScriptedPeer dying =
        new ScriptedPeer(node, server.cluster().node(node), List.of(List.of(accepted)))) {
      Ear ear = new Ear();
      client.upload(dying.address(), "/x", "application/octet-stream", Map.of(), loop, ear);
      Upload upload = ear.hear(Accepted.class).upload();
      // What the script takes for its second request ends the connection.
      loop.execute(() -> upload.write(copiedBuffer("\r\n\r\n", ISO_8859_1)));

      assertEquals(TransferFailure.PEER_UNREACHABLE, ear.hear(Failed.class).failure().failure());
    }
  }

  private Ear upload(String path) {
    Ear ear = new Ear();
    client.upload(
        server.address(), path, "application/octet-stream", Map.of("Flocker-Test", "1"), loop, ear);
    return ear;
  }

  private RecordingBody body() throws InterruptedException {
    RecordingBody body = bodies.poll(30, TimeUnit.SECONDS);
    assertNotNull(body, "no request came");
    return body;
  }

  /** What a listener heard. */
  sealed interface Heard {
    record Accepted(Upload upload) implements Heard {}

    record Interim(Map<String, String> headers) implements Heard {}

    record Responded(int status, JsonNode body) implements Heard {}

    record Failed(FailureException failure) implements Heard {}
  }

  private static final class Ear implements UploadListener {
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    /** What takes all that its socket takes; on the event loop only. */
    private @Nullable Upload pouring;

    <T extends Heard> T hear(Class<T> type) throws InterruptedException {
      return assertInstanceOf(type, heard.poll(30, TimeUnit.SECONDS));
    }

    void pourInto(Upload upload) {
      pouring = upload;
      while (upload.isWritable()) {
        upload.write(
            PooledByteBufAllocator.DEFAULT.directBuffer(CHUNK_BYTES).writeZero(CHUNK_BYTES));
      }
    }

    @Override
    public void accepted(Upload upload) {
      heard.add(new Accepted(upload));
    }

    @Override
    public void writabilityChanged() {
      if (pouring != null) {
        pourInto(pouring);
      }
    }

    @Override
    public void interim(Map<String, String> headers) {
      heard.add(new Interim(headers));
    }

    @Override
    public void response(int status, JsonNode body) {
      pouring = null;
      heard.add(new Responded(status, body));
    }

    @Override
    public void failed(FailureException failure) {
      pouring = null;
      heard.add(new Failed(failure));
    }
  }
}
