package io.flocker.http.server;

import static io.netty.buffer.Unpooled.copiedBuffer;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Principal;
import io.flocker.http.RawConnection;
import io.flocker.http.RecordingBody;
import io.flocker.http.Routes;
import io.flocker.http.route.Route;
import io.flocker.http.router.Authorizer;
import io.flocker.http.router.Router;
import io.flocker.http.schema.SchemaGate;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {
  private static final String STREAM =
      RawConnection.head(
          "PUT /stream HTTP/1.1",
          "Host: t",
          "Content-Type: application/octet-stream",
          "Transfer-Encoding: chunked");

  private static final String NOWHERE = "GET /nowhere HTTP/1.1\r\nHost: t\r\n\r\n";

  private final List<RecordingBody> bodies = new ArrayList<>();
  private final ReadCounter reads = new ReadCounter();
  private final EmbeddedChannel channel = new EmbeddedChannel(reads);

  @BeforeEach
  void install() {
    channel.config().setAutoRead(false);
    channel.freezeTime();
    HttpsServerSettings.Limits limits = HttpsServerSettings.Limits.usual();
    List<Route> routes =
        List.of(
            Routes.stream(
                "/stream",
                exchange -> {
                  bodies.add(new RecordingBody(exchange));
                  return bodies.getLast();
                }));
    Exchanges exchanges =
        new Exchanges(
            new Router(routes, Authorizer.byRole(new Principal.Node(NodeId.random()))),
            new JsonService(
                new SchemaGate(routes), limits.concurrentRequests(), BodyBudget.of(limits)),
            limits.bodyBytes(),
            RequestObserver.NONE);
    new HttpConnection(
            channel,
            new Principal.Node(NodeId.random()),
            exchanges,
            new RequestClock(HttpsServerSettings.Deadlines.usual()),
            limits.requestsOfConnection())
        .install(channel.pipeline());
  }

  @AfterEach
  void leavesNoMessageBehind() {
    assertFalse(channel.finishAndReleaseAll());
  }

  @Test
  void readsNoFurtherIntoAStreamThanItIsTold() {
    receive(STREAM);
    int before = reads.count;

    receive("3\r\nabc\r\n");
    int whileFull = reads.count;
    bodies.getFirst().exchange().read();

    assertEquals(before, whileFull);
    assertEquals(before + 1, reads.count);
  }

  @Test
  void readsNothingOfTheNextRequestBeforeTheResponse() {
    receive(STREAM + "0\r\n\r\n" + NOWHERE);
    int before = reads.count;
    String early = sent();

    bodies.getFirst().exchange().respond(200, Map.of());

    assertEquals("", early);
    assertTrue(sent().matches("(?s)HTTP/1.1 200 OK.*HTTP/1.1 404 Not Found.*"));
    assertTrue(reads.count > before);
  }

  @Test
  void closesAConnectionWhoseNextRequestDoesNotBegin() {
    receive(NOWHERE);
    String answer = sent();

    elapse(59);
    boolean isOpenBefore = channel.isOpen();
    elapse(2);

    assertTrue(answer.startsWith("HTTP/1.1 404"));
    assertTrue(isOpenBefore);
    assertFalse(channel.isOpen());
  }

  @Test
  void closesAConnectionWhoseHeadersDrip() {
    int seconds = 0;
    while (channel.isOpen() && seconds < 100) {
      receive("G");
      elapse(1);
      seconds++;
    }

    assertEquals(10, seconds);
  }

  @Test
  void givesAStreamAllTheTimeItNeeds() {
    receive(STREAM);

    elapse(3_600);

    assertTrue(channel.isOpen());
  }

  @Test
  void closesTwoSecondsAfterAnEarlyAnswerToASenderThatStaysSilent() {
    receive(STREAM);
    bodies.getFirst().exchange().respond(409, Map.of());
    String answer = sent();

    elapse(1);
    boolean isOpenBefore = channel.isOpen();
    elapse(2);

    assertTrue(answer.contains("connection: close"), answer);
    assertTrue(isOpenBefore);
    assertFalse(channel.isOpen());
  }

  @Test
  void closesAfterEightMebibytesThatNobodyWants() {
    receive(STREAM);
    bodies.getFirst().exchange().respond(409, Map.of());
    assertTrue(sent().startsWith("HTTP/1.1 409"));
    String chunk = "100000\r\n" + "x".repeat(1 << 20) + "\r\n";

    int chunks = 0;
    while (channel.isOpen() && chunks < 100) {
      receive(chunk);
      chunks++;
    }

    assertEquals(9, chunks);
  }

  @Test
  void endsAnIdleConnectionWhenTheServerCloses() {
    channel.pipeline().fireUserEventTriggered(Draining.STARTED);

    assertFalse(channel.isOpen());
  }

  @Test
  @DisplayName("a 503 with Retry-After for a request that begins as the server closes")
  void refusesWhatHasBegunWhenTheServerCloses() {
    receive("GET /nowh");
    channel.pipeline().fireUserEventTriggered(Draining.STARTED);
    boolean isOpenBefore = channel.isOpen();
    receive("ere HTTP/1.1\r\nHost: t\r\n\r\n");

    String answer = sent();
    assertTrue(isOpenBefore);
    assertTrue(answer.startsWith("HTTP/1.1 503"), answer);
    assertTrue(answer.toLowerCase(Locale.ROOT).contains("retry-after: 1"), answer);
    assertTrue(answer.contains("connection: close"), answer);
    assertFalse(channel.isOpen());
  }

  @Test
  void letsARunningStreamEndWhenTheServerCloses() {
    receive(STREAM);
    channel.pipeline().fireUserEventTriggered(Draining.STARTED);
    receive("0\r\n\r\n");
    boolean isOpenBefore = channel.isOpen();

    bodies.getFirst().exchange().respond(200, Map.of());

    assertTrue(isOpenBefore);
    assertTrue(sent().contains("connection: close"));
    assertFalse(channel.isOpen());
  }

  private void receive(String text) {
    var _ = channel.writeInbound(copiedBuffer(text, ISO_8859_1));
  }

  private String sent() {
    StringBuilder text = new StringBuilder();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      text.append(part.toString(ISO_8859_1));
      part.release();
    }
    return text.toString();
  }

  private void elapse(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  private static final class ReadCounter extends ChannelOutboundHandlerAdapter {
    private int count;

    @Override
    public void read(ChannelHandlerContext ctx) {
      count++;
      ctx.read();
    }
  }
}
