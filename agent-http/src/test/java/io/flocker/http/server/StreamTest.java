package io.flocker.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.http.RawConnection;
import io.flocker.http.RawConnection.Response;
import io.flocker.http.RecordingBody;
import io.flocker.http.RecordingBody.Event;
import io.flocker.http.Routes;
import io.flocker.http.TestServer;
import io.flocker.http.route.Route;
import io.flocker.http.route.StreamBody;
import io.flocker.http.route.StreamExchange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamTest {
  private static final BlockingQueue<RecordingBody> BODIES = new LinkedBlockingQueue<>();

  private static final List<Route> ROUTES =
      List.of(
          Routes.stream("/node/v1/taken/{id}", StreamTest::take),
          Routes.stream(
              "/node/v1/refused",
              _ -> {
                throw TransferFailure.NOT_A_STREAM.because("It is none.");
              }),
          Routes.stream(
              "/node/v1/broken",
              _ -> {
                throw new IllegalStateException("secret");
              }));

  private static TestServer server;
  private RawConnection node;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = TestServer.start(folder, ROUTES);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void connect() throws Exception {
    BODIES.clear();
    node =
        server.connect(
            server.cluster().authority().issueNode(NodeId.random(), List.of("127.0.0.1")));
  }

  @AfterEach
  void disconnect() throws Exception {
    node.close();
  }

  @Test
  void takesTheHeadThenTheBodyThenTheTrailers() throws Exception {
    node.send(headThatExpects("taken/7"));
    assertEquals(100, node.response().status());
    RecordingBody body = body();
    assertEquals(Map.of("id", "7"), body.exchange().variables());

    node.send("3\r\nabc\r\n2\r\nde\r\n0\r\nFlocker-Proof: p\r\n\r\n");

    assertEquals(new Event.Last("abcde", Map.of("flocker-proof", "p")), body.end());
    body.respond(200, Map.of("said", "done"));
    assertEquals("{\"said\":\"done\"}", node.response().body());
    node.send(headThatExpects("refused"));
    assertEquals(422, node.response().status(), "the connection serves the next request");
  }

  @Test
  void sendsInterimResponsesWhileTheBodyComes() throws Exception {
    node.send(head("taken/7") + "3\r\nabc\r\n");
    RecordingBody body = body();

    body.run(exchange -> exchange.interim(Map.of("Flocker-Taken", "3")));

    Response interim = node.response();
    assertEquals(102, interim.status());
    assertEquals("3", interim.headers().get("flocker-taken"));
  }

  @Test
  @DisplayName("I04 a refusal before the body is read arrives as a problem")
  void refusesBeforeTheBodyIsSent() throws Exception {
    node.send(headThatExpects("refused"));

    Response response = node.response();

    assertEquals(422, response.status());
    assertTrue(response.body().contains("urn:flocker:problem:not-a-stream"));
    assertEquals("close", response.headers().get("connection"));
  }

  @Test
  void tellsOnlyTheIncidentOfWhatNobodyForesaw() throws Exception {
    node.send(head("broken"));

    Response response = node.response();

    assertEquals(500, response.status());
    assertEquals(-1, response.body().indexOf("secret"));
  }

  @Test
  @DisplayName("I05 a connection that ends inside the body is never a whole body")
  void abortsWhenTheConnectionEndsInsideTheBody() throws Exception {
    for (String part : List.of("", "3\r\nab", "3\r\nabc\r\n", "3\r\nabc\r\n0\r\n")) {
      try (RawConnection sender = another()) {
        sender.send(head("taken/7") + part);
        RecordingBody body = body();
        sender.hangUp();
        assertEquals(Event.Aborted.class, body.end().getClass(), part);
      }
    }
  }

  @Test
  @DisplayName("I05 a TCP reset inside the body")
  void abortsWhenTheConnectionIsReset() throws Exception {
    try (RawConnection sender = another()) {
      sender.send(head("taken/7") + "3\r\nab");
      RecordingBody body = body();
      sender.reset();
      assertEquals(Event.Aborted.class, body.end().getClass());
    }
  }

  @Test
  void abortsAndAnswersWhatCannotBeDecoded() throws Exception {
    node.send(head("taken/7") + "3\r\nabc\r\nnonsense\r\n");

    assertEquals(Event.Aborted.class, body().end().getClass());
    assertEquals(400, node.response().status());
    assertTrue(node.isEnded());
  }

  @Test
  @DisplayName("An early answer arrives although the sender goes on: 40 of 40")
  void anEarlyAnswerArrivesWhileTheSenderGoesOn() throws Exception {
    byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(ISO_8859_1);
    for (int i = 0; i < 40; i++) {
      try (RawConnection sender = another()) {
        sender.send(head("taken/7")).send(chunk);
        Thread writer = Thread.ofVirtual().start(() -> sendUntilBroken(sender));
        body().run(exchange -> exchange.fail(TransferFailure.STREAM_REFUSED.because("Early.")));

        assertEquals(422, sender.response().status());
        sender.hangUp();
        writer.join();
      }
    }
  }

  private static String head(String path) {
    return RawConnection.head(
        "PUT /node/v1/" + path + " HTTP/1.1",
        "Host: t",
        "Content-Type: application/octet-stream",
        "Transfer-Encoding: chunked");
  }

  private static String headThatExpects(String path) {
    return head(path)
        .replaceFirst("Host", "Expect: 100-continue\r\nTrailer: Flocker-Proof\r\nHost");
  }

  private static StreamBody take(StreamExchange exchange) {
    RecordingBody body = new RecordingBody(exchange);
    BODIES.add(body);
    body.readOn();
    return body;
  }

  private static RecordingBody body() throws InterruptedException {
    RecordingBody body = BODIES.poll(30, TimeUnit.SECONDS);
    assertNotNull(body, "no request came");
    return body;
  }

  private static RawConnection another() throws Exception {
    return server.connect(
        server.cluster().authority().issueNode(NodeId.random(), List.of("127.0.0.1")));
  }

  private static void sendUntilBroken(RawConnection connection) {
    byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(ISO_8859_1);
    try {
      while (true) {
        connection.send(chunk);
      }
    } catch (IOException _) {
      // The server has closed the connection, or the test has.
    }
  }
}
