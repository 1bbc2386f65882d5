package io.flocker.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.http.RawConnection;
import io.flocker.http.RawConnection.Response;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What once filled the heap of a daemon, against a server that is started as a daemon is. */
class BodyFloodTest {
  private static final int MIB = 1 << 20;
  private static final int PART = MIB / 2;

  /** More than one caller's share of the budget holds, at any heap up to 256 MiB. */
  private static final int UNFINISHED = 80;

  private static final String BODY = "{\"name\":\"aa\"}";

  private SmallNodeProcess node;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    node = SmallNodeProcess.start(folder);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  @Test
  void holdsUnfinishedBodiesOfWhichOneCallerGetsNoMoreThanItsShare() throws Exception {
    List<RawConnection> unfinished = new ArrayList<>();
    int turnedAway = 0;
    for (int i = 0; i < UNFINISHED; i++) {
      RawConnection connection = node.connect("alice");
      unfinished.add(connection);
      connection.send(post(MIB) + " ".repeat(PART));
    }
    try (RawConnection bob = node.connect("bob")) {
      assertEquals(200, bob.request("POST", "/v1/x", BODY).response().status());
    }
    for (RawConnection connection : unfinished) {
      turnedAway += status(connection) == 200 ? 0 : 1;
      connection.close();
    }

    assertTrue(turnedAway > 0, "all were held");
    assertAnswers();
  }

  @Test
  void readsNoMoreOfABodyThanItTells() throws Exception {
    String keys =
        IntStream.range(0, 90_000)
            .mapToObj(i -> "\"k" + i + "\":1")
            .collect(Collectors.joining(","));

    for (Response response : atOnce(2, "{" + keys + "}")) {
      assertTrue(response.status() == 400 || response.status() == 503, response.body());
      assertTrue(response.body().length() < 16_384, response.body());
    }
    assertAnswers();
  }

  @Test
  void paysForTheTreeOfABody() throws Exception {
    String objects = "[" + "{},".repeat(340_000) + "{}]";

    for (Response response : atOnce(4, objects)) {
      assertTrue(response.status() == 400 || response.status() == 503, response.body());
    }
    assertAnswers();
  }

  @Test
  void readsTheLargestBodiesThatItTakesWhateverTheyHold() throws Exception {
    String objects = "[" + "{},".repeat(24_990) + "{}";

    for (Response response : atOnce(8, objects + " ".repeat(MIB - objects.length() - 1) + "]")) {
      assertTrue(response.status() == 400 || response.status() == 503, response.body());
    }
    assertAnswers();
  }

  /** Each takes some fifteen MiB while it is made and held against its schema. */
  @Test
  void makesNoMoreLongAnswersAtOnceThanThereIsRoomFor() throws Exception {
    int good = 0;
    for (Response response : atOnce(40, "GET", "/v1/long", "")) {
      assertTrue(response.status() == 200 || response.status() == 503, response.body());
      good += response.status() == 200 ? 1 : 0;
    }
    assertTrue(good > 0, "none was made");
    assertAnswers();
  }

  /** Sends the rest of a body, if anybody reads it still. */
  private static int status(RawConnection connection) {
    try {
      connection.send(" ".repeat(MIB - PART - BODY.length()) + BODY);
      return connection.response().status();
    } catch (IOException _) {
      return 0;
    }
  }

  private void assertAnswers() throws Exception {
    assertTrue(node.isAlive());
    for (String caller : List.of("alice", "bob")) {
      try (RawConnection user = node.connect(caller)) {
        Response response = user.request("POST", "/v1/x", BODY).response();
        assertEquals(200, response.status(), response.body());
        assertEquals("x", Json.read(response.body().getBytes(UTF_8)).path("said").asString());
      }
    }
  }

  private List<Response> atOnce(int count, String body) throws Exception {
    return atOnce(count, "POST", "/v1/x", body);
  }

  private List<Response> atOnce(int count, String method, String path, String body)
      throws Exception {
    List<Future<Response>> responses = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        String caller = i % 2 == 0 ? "alice" : "bob";
        responses.add(
            threads.submit(() -> {
              try (RawConnection user = node.connect(caller)) {
                return user.request(method, path, body).response();
              }
            }));
      }
    }
    List<Response> all = new ArrayList<>();
    for (Future<Response> response : responses) {
      all.add(response.get());
    }
    return all;
  }

  private static String post(int length) {
    return RawConnection.head(
        "POST /v1/x HTTP/1.1",
        "Host: t",
        "Content-Type: application/json",
        "Content-Length: " + length);
  }
}
