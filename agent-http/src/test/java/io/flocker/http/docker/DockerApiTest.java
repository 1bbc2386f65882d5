package io.flocker.http.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.PullPolicy;
import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.deploy.engine.PullProgress;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.http.net.EventLoops;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class DockerApiTest {
  private static final Image IMAGE = Image.parse("a/b:1");

  private final CountDownLatch isOver = new CountDownLatch(1);
  private EventLoops loops;
  private FakeEngine fake;
  private DockerEngine engine;
  private DockerApi api;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    loops = EventLoops.start(1);
    Path socket = folder.resolve("docker.sock");
    fake = new FakeEngine(socket);
    engine = new DockerEngine(loops, socket);
    api = new DockerApi(new EngineSocket(loops, socket));
  }

  @AfterEach
  void stop() throws IOException {
    isOver.countDown();
    engine.close();
    fake.close();
    loops.close();
  }

  @Test
  void asksInTheNewestVersionThatBothSpeak() throws Exception {
    fake.reply("GET /thing", FakeEngine.json(200, "{\"a\":1}"));
    assertEquals(1, ask("/thing").document().path("a").asInt());
    assertEquals("GET /version HTTP/1.1", fake.requests().take());
    assertEquals("GET /v1.41/thing HTTP/1.1", fake.requests().take());

    api.forgetVersion();
    fake.instead(
        "GET /version",
        FakeEngine.json(200, "{\"ApiVersion\":\"1.52\",\"MinAPIVersion\":\"1.44\"}"));
    EngineAnswer _ = ask("/thing");
    fake.requests().take();
    assertEquals("GET /v1.47/thing HTTP/1.1", fake.requests().take());
  }

  @Test
  void saysWhichVersionsAreSpokenWhereNoneFits() {
    versions("1.40", "1.12");
    FailureException tooOld = refused(EngineFailure.ENGINE_UNSUPPORTED, () -> ask("/thing"));
    assertTrue(tooOld.detail().contains("1.12 to 1.40"), tooOld.detail());
    assertTrue(tooOld.detail().contains("1.41 to 1.47"), tooOld.detail());

    versions("2.3", "2.0");
    refused(EngineFailure.ENGINE_UNSUPPORTED, () -> ask("/thing"));
    versions("newest", "");
    refused(EngineFailure.ENGINE_OUTPUT_UNREADABLE, () -> ask("/thing"));
  }

  @Test
  void tellsARefusalInTheEnginesWordsWithWhatWasAskedOfWhom() throws Exception {
    fake.reply("GET /thing", FakeEngine.json(500, "{\"message\":\"disk is on fire\"}"));
    FailureException failure = refused(EngineFailure.ENGINE_FAILED, () -> ask("/thing").required());

    assertEquals(
        "The engine at " + api.socket() + " could not look at the thing: disk is on fire.",
        failure.detail());
    assertEquals(500, failure.members().get("engineStatus"));
    fake.instead("GET /thing", FakeEngine.raw("HTTP/1.1 502 Bad\r\nContent-Length: 4\r\n\r\noops"));
    assertTrue(
        refused(EngineFailure.ENGINE_FAILED, () -> ask("/thing").required())
            .detail()
            .contains("status 502"));
  }

  @Test
  void nothingAtTheSocketIsAFailureOfItsOwnAndItIsFoundAgain() throws Exception {
    fake.stop();
    FailureException failure = refused(EngineFailure.ENGINE_UNAVAILABLE, () -> ask("/_ping"));
    assertTrue(failure.detail().contains("there is no such socket"), failure.detail());
    assertEquals(503, failure.failure().status());

    fake.startAgain();
    assertFalse(ask("/_ping").isRefusal());
  }

  @Test
  void anAnswerThatIsCutIsNoAnswer() {
    List<String> cuts =
        List.of(
            "",
            "HTTP/1.1 200 O",
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\":",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"");
    for (String cut : cuts) {
      fake.instead("GET /thing", FakeEngine.raw(cut));
      FailureException failure = refused(EngineFailure.ENGINE_UNAVAILABLE, () -> ask("/thing"));
      assertTrue(failure.detail().contains("ended the connection"), failure.detail());
    }
  }

  @Test
  void nobodyKnowsWhatBecameOfAChangeWhoseAnswerIsCut() {
    fake.reply("POST /thing", FakeEngine.raw("HTTP/1.1 204"));

    FailureException failure =
        refused(
            EngineFailure.ENGINE_UNAVAILABLE,
            () -> api.ask(EngineCall.post("change the thing", "/thing", null)));

    assertFalse(failure.hasChangedNothing());
    assertEquals("unknown", failure.members().get("outcome"));
  }

  @Test
  void whatIsNoHttpOrNoJsonCannotBeRead() {
    fake.reply("GET /thing", FakeEngine.raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
    refused(EngineFailure.ENGINE_OUTPUT_UNREADABLE, () -> ask("/thing"));

    fake.instead(
        "GET /thing",
        FakeEngine.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"));
    refused(EngineFailure.ENGINE_OUTPUT_UNREADABLE, () -> ask("/thing"));

    fake.instead("GET /thing", FakeEngine.json(200, "{\"a\":1,\"a\":2}"));
    refused(EngineFailure.ENGINE_OUTPUT_UNREADABLE, () -> ask("/thing").document());
    fake.instead("GET /containers/json", FakeEngine.json(200, "[{\"Id\":"));
    refused(EngineFailure.ENGINE_OUTPUT_UNREADABLE, () -> engine.containers());
  }

  @Test
  void anEndlessAnswerIsGivenUpAtItsBound() {
    byte[] chunk = FakeEngine.chunk(new byte[60_000]);
    fake.reply(
        "GET /thing",
        out -> {
          out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(UTF_8));
          while (true) {
            out.write(chunk);
          }
        });

    FailureException failure = refused(EngineFailure.ENGINE_OUTPUT_UNREADABLE, () -> ask("/thing"));

    assertTrue(
        failure.detail().contains(String.valueOf(DockerApi.MAX_ANSWER_BYTES)), failure.detail());
  }

  @Test
  void anEngineThatTakesTooLongIsSilentWhereverItStops() {
    for (String begun : List.of("", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\":")) {
      fake.instead(
          "GET /thing",
          out -> {
            out.write(begun.getBytes(UTF_8));
            isOver.await();
          });

      FailureException failure =
          refused(
              EngineFailure.ENGINE_SILENT,
              () -> api.ask(EngineCall.get("look", "/thing").within(Duration.ofMillis(300))));

      assertEquals(503, failure.failure().status());
    }
  }

  @Test
  void whoeverIsInterruptedWaitsNoMore() throws Exception {
    CountDownLatch isAsked = new CountDownLatch(1);
    fake.reply(
        "GET /thing",
        _ -> {
          isAsked.countDown();
          isOver.await();
        });
    AtomicReference<Optional<Failure>> failed = new AtomicReference<>(Optional.empty());
    Thread asking =
        Thread.ofVirtual()
            .start(() -> {
              try {
                EngineAnswer _ = ask("/thing");
              } catch (FailureException e) {
                failed.set(Optional.of(e.failure()));
              }
            });
    isAsked.await();
    asking.interrupt();
    asking.join();

    assertEquals(Optional.of(TransferFailure.CANCELLED), failed.get());
  }

  @Test
  void linesOfAStreamAreReadWhereverTheyAreCut() throws Exception {
    fake.reply("GET /lines", FakeEngine.stream("{\"a\"", ":1}\r\n{\"a\":2}\n\n{", "\"a\":3}"));
    List<Integer> read = new ArrayList<>();
    try (EngineStream stream = stream()) {
      JsonLines lines = new JsonLines(stream);
      for (Optional<JsonNode> line = next(lines); line.isPresent(); line = next(lines)) {
        read.add(line.get().path("a").asInt());
      }
    }

    assertEquals(List.of(1, 2, 3), read);
  }

  @Test
  void aLineWithoutAnEndIsGivenUpAtItsBoundAndAStreamThatIsCutIsNoEnd() throws Exception {
    fake.reply("GET /lines", FakeEngine.stream("x".repeat(JsonLines.MAX_LINE_BYTES + 1)));
    try (EngineStream stream = stream()) {
      refused(EngineFailure.ENGINE_OUTPUT_UNREADABLE, () -> next(new JsonLines(stream)));
    }

    fake.instead("GET /lines", FakeEngine.chunks(List.of("{\"a\":1}\n")));
    try (EngineStream stream = stream()) {
      JsonLines lines = new JsonLines(stream);
      assertTrue(next(lines).isPresent());
      refused(EngineFailure.ENGINE_UNAVAILABLE, () -> next(lines));
    }
  }

  @Test
  void aStreamThatBringsNothingGoesOnForAsLongAsTheEngineGivesSignsOfLife() throws Exception {
    CountDownLatch isPinged = new CountDownLatch(3);
    fake.instead(
        "GET /_ping",
        out -> {
          isPinged.countDown();
          FakeEngine.json(200, "OK").write(out);
        });
    fake.reply(
        "GET /lines",
        out -> {
          FakeEngine.chunks(List.of()).write(out);
          isPinged.await();
          out.write(FakeEngine.chunk("{\"a\":1}\n".getBytes(UTF_8)));
          isOver.await();
        });
    try (EngineStream stream = stream()) {
      JsonLines lines = new JsonLines(stream);
      assertEquals(1, lines.next(Duration.ofMillis(20)).orElseThrow().path("a").asInt());

      fake.instead("GET /_ping", FakeEngine.raw(""));
      refused(EngineFailure.ENGINE_UNAVAILABLE, () -> lines.next(Duration.ofMillis(20)));
    }
  }

  @Test
  void aPullTellsHowFarItIsAndWhyItEndsWhatBegan200() throws Exception {
    List<String> progress = new ArrayList<>();
    fake.reply("GET /images/a/b:1/json", FakeEngine.json(404, "{\"message\":\"no such image\"}"));
    fake.reply(
        "POST /images/create",
        FakeEngine.stream(
            "{\"status\":\"Pulling from a/b\",\"id\":\"1\"}\r\n",
            "{\"status\":\"Downloading\",\"progressDetail\":{\"current\":5,\"total\":10},\"id\":\"x\"}\r\n",
            "{\"status\":\"Downloading\",\"progressDetail\":{\"current\":1,\"total\":4},\"id\":\"y\"}\r\n",
            "{\"status\":\"Download complete\",\"progressDetail\":{},\"id\":\"x\"}\r\n"));

    engine.provide(IMAGE, PullPolicy.MISSING, (bytes, total) -> progress.add(bytes + "/" + total));

    assertEquals(List.of("5/10", "6/14", "11/14"), progress);
    fake.instead(
        "POST /images/create",
        FakeEngine.stream(
            "{\"status\":\"Pulling from a/b\"}\r\n",
            "{\"errorDetail\":{\"message\":\"manifest unknown\"},\"error\":\"manifest"
                + " unknown\"}\r\n"));
    FailureException failure =
        refused(
            EngineFailure.IMAGE_NOT_PULLED,
            () -> engine.provide(IMAGE, PullPolicy.ALWAYS, PullProgress.NONE));
    assertTrue(failure.detail().contains("a/b:1"), failure.detail());
    assertTrue(failure.detail().contains("manifest unknown"), failure.detail());
  }

  @Test
  void aContainerWithLabelsLikeOursThatNobodyCanReadIsNotOurs() throws Exception {
    fake.reply("GET /containers/json", FakeEngine.json(200, "[{\"Id\":\"aa\"},{\"Id\":\"bb\"}]"));
    fake.reply(
        "GET /containers/aa/json",
        FakeEngine.json(
            200,
            "{\"Id\":\"aa\",\"Config\":{\"Labels\":{\"flocker.application\":\"web\",\"flocker.stated\":\"[\"}}}"));
    fake.reply("GET /containers/bb/json", FakeEngine.json(404, "{\"message\":\"gone\"}"));

    assertEquals(Containers.NONE, engine.containers());
  }

  @Test
  void onlyDockersOwnBridgeTellsWhenTheEngineBegan() throws Exception {
    String network =
        "{\"Name\":\"bridge\",\"Created\":\"2026-03-01T12:34:56.5Z\",\"Options\":{%s}}";
    String request = "GET /networks/bridge";
    fake.reply(
        request,
        FakeEngine.json(
            200, network.formatted("\"com.docker.network.bridge.default_bridge\":\"true\"")));
    assertEquals(Optional.of(Instant.parse("2026-03-01T12:34:56.5Z")), engine.begun());

    fake.instead(request, FakeEngine.json(200, network.formatted(""))); // So Podman answers.
    assertEquals(Optional.empty(), engine.begun());
    fake.instead(request, FakeEngine.json(404, "{\"message\":\"no such network\"}"));
    assertEquals(Optional.empty(), engine.begun());
    fake.instead(request, FakeEngine.json(500, "{\"message\":\"disk is on fire\"}"));
    refused(EngineFailure.ENGINE_FAILED, () -> engine.begun());
  }

  private EngineAnswer ask(String path) throws FailureException {
    return api.ask(EngineCall.get("look at the thing", path));
  }

  private EngineStream stream() throws FailureException {
    return api.stream(EngineCall.get("tell lines", "/lines"), EngineFailure.ENGINE_FAILED);
  }

  private static Optional<JsonNode> next(JsonLines lines) throws FailureException {
    return lines.next(Duration.ofMinutes(1));
  }

  private void versions(String newest, String oldest) {
    api.forgetVersion();
    fake.instead(
        "GET /version",
        FakeEngine.json(
            200, "{\"ApiVersion\":\"%s\",\"MinAPIVersion\":\"%s\"}".formatted(newest, oldest)));
  }

  private static FailureException refused(Failure expected, Executable what) {
    FailureException failure = assertThrows(FailureException.class, what);
    assertEquals(expected, failure.failure(), failure.detail());
    return failure;
  }
}
