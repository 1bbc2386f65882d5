package io.flocker.http.server;

import static io.netty.buffer.Unpooled.copiedBuffer;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import io.flocker.core.identity.Certified;
import io.flocker.core.identity.Principal;
import io.flocker.http.RawConnection;
import io.flocker.http.RecordingBody;
import io.flocker.http.Routes;
import io.flocker.http.net.SharedBudget;
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

  private static final int ROOM_OF_ONE = 30 * 1024;
  private static final String NOWHERE = "GET /nowhere HTTP/1.1\r\nHost: t\r\n\r\n";

  private final List<RecordingBody> bodies = new ArrayList<>();
  private final SharedBudget heads = Budgets.heads(2 * ROOM_OF_ONE);
  private final CallerConnections connections = new CallerConnections(4);
  private final ReadCounter reads = new ReadCounter();
  private final EmbeddedChannel channel = new EmbeddedChannel(reads);

  @BeforeEach
  void install() {
    channel.config().setAutoRead(false);
    channel.freezeTime();
    HttpsServerSettings.Limits limits = HttpsServerSettings.Limits.usual();
    Budgets usual = Budgets.of(limits);
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
            new Router(routes, Authorizer.byRole(new Principal.Node(NodeId.random()), _ -> true)),
            new JsonService(
                Dialect.STRICT,
                new Principal.Node(NodeId.random()),
                new SchemaGate(routes),
                new Budgets(heads, usual.bodies(), usual.served(), usual.waiting())),
            limits.bodyBytes(),
            HttpsServerSettings.Deadlines.usual().silence(),
            RequestObserver.NONE);
    Principal caller = new Principal.Node(NodeId.random());
    new HttpConnection(
            channel,
            Origin.remote(Certified.plain(caller)),
            exchanges,
            new RequestClock(HttpsServerSettings.Deadlines.usual()),
            connections.take(caller.name(), channel),
            limits.requestsOfConnection())
        .install(channel.pipeline());
  }

  @AfterEach
  void leavesNothingBehind() {
    assertFalse(channel.finishAndReleaseAll());
    assertEquals(0, heads.taken());
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
  void answersInTurnHoweverManyWereSentInAdvance() {
    receive(STREAM + "0\r\n\r\n" + NOWHERE.repeat(150));
    bodies.getFirst().exchange().respond(200, Map.of());

    assertEquals(150, sent().split("HTTP/1.1 404", -1).length - 1);
    assertTrue(channel.isOpen());
    assertEquals(0, heads.taken());
  }

  @Test
  void refusesInItsTurnWhatWasSentInAdvanceAndNobodyPaysFor() {
    receive(STREAM + "0\r\n\r\n" + NOWHERE.repeat(1_000));
    String early = sent();
    bodies.getFirst().exchange().respond(200, Map.of());

    String answers = sent();
    assertEquals("", early);
    assertTrue(answers.matches("(?s)HTTP/1.1 200 OK.*HTTP/1.1 429 .*"), answers);
    assertTrue(answers.contains("connection: close"), answers);
    assertEquals(2, answers.split("HTTP/1.1", -1).length - 1);
  }

  @Test
  void refusesAHeadAsSoonAsItHasTooManyFields() {
    receive("GET /nowhere HTTP/1.1\r\nHost: t\r\n" + "a:\r\n".repeat(101));

    String answer = sent();
    assertTrue(answer.startsWith("HTTP/1.1 431"), answer);
    assertTrue(answer.contains("100 header fields"), answer);
  }

  @Test
  void givesBackWhatHeadsHaveCost() {
    for (int i = 0; i < 3; i++) {
      receive("GET /nowhere HTTP/1.1\r\nHost: t\r\n" + "a:\r\n".repeat(20) + "\r\n");
    }
    String answers = sent();

    assertEquals(3, answers.split("HTTP/1.1 404", -1).length - 1, answers);
    assertEquals(0, heads.taken());
  }

  @Test
  void refusesAHeadThatIsNotWholeAndThatNobodyPaysFor() {
    receive("GET /nowhere HTTP/1.1\r\nHost: t\r\n");
    long begun = heads.taken();
    receive("x: " + "y".repeat(ROOM_OF_ONE));

    assertTrue(begun > 0);
    assertTrue(sent().startsWith("HTTP/1.1 429"));
    assertEquals(0, heads.taken());
    receive("y".repeat(ROOM_OF_ONE));
    assertEquals(0, heads.taken());
  }

  @Test
  void refusesTrailersThatAreTooMany() {
    receive(STREAM + "1\r\na\r\n0\r\n" + "a:\r\n".repeat(200));

    String answer = sent();
    assertTrue(answer.startsWith("HTTP/1.1 431"), answer);
    assertEquals(1, bodies.size());
  }

  @Test
  void makesWayWhereNoRequestIsServed() {
    receive(STREAM);
    channel.pipeline().fireUserEventTriggered(Ending.MAKES_WAY);
    boolean isOpenBefore = channel.isOpen();
    receive("0\r\n\r\n");
    bodies.getFirst().exchange().respond(200, Map.of());

    assertTrue(isOpenBefore);
    assertTrue(sent().startsWith("HTTP/1.1 200"));
    assertFalse(channel.isOpen());
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
    channel.pipeline().fireUserEventTriggered(Ending.SERVER_CLOSES);

    assertFalse(channel.isOpen());
  }

  @Test
  @DisplayName("a 503 with Retry-After for a request that begins as the server closes")
  void refusesWhatHasBegunWhenTheServerCloses() {
    receive("GET /nowh");
    channel.pipeline().fireUserEventTriggered(Ending.SERVER_CLOSES);
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
    channel.pipeline().fireUserEventTriggered(Ending.SERVER_CLOSES);
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
