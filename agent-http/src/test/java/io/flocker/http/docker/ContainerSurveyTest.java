package io.flocker.http.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.deploy.engine.UnknownContainer;
import io.flocker.core.deploy.engine.UnknownContainer.Processes;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.json.Json;
import io.flocker.http.net.EventLoops;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ContainerSurveyTest {
  private static final MountedVolume DATA =
      MountedVolume.of(VolumeName.parse("default.data"), "/data");

  /** One may hang for a moment, all of them for as long as this test may. */
  private static final Patience ONE_BY_ONE =
      new Patience(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMinutes(1));

  /** No sooner is one given up than all. */
  private static final Patience TOGETHER =
      new Patience(Duration.ofMinutes(10), Duration.ofMillis(500), Duration.ofMinutes(1));

  private final CountDownLatch isOver = new CountDownLatch(1);
  private final List<Map<String, Object>> listed = new ArrayList<>();
  private EventLoops loops;
  private FakeEngine fake;
  private Path socket;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    loops = EventLoops.start(1);
    socket = folder.resolve("docker.sock");
    fake = new FakeEngine(socket);
  }

  @AfterEach
  void stop() throws IOException {
    isOver.countDown();
    fake.close();
    loops.close();
  }

  @Test
  void whatHangsOrIsRefusedIsUnknownAndTheOthersAreKnown() throws Exception {
    list("db", "exited", _ -> isOver.await(), DATA);
    list("sick", "running", FakeEngine.json(500, "{\"message\":\"its storage is on fire\"}"));
    list("gone", "running", FakeEngine.json(404, "{\"message\":\"no such container\"}"));
    list("web", "running", inspected("web"));

    Containers found = look(ONE_BY_ONE);

    assertEquals(List.of("web"), found.known().stream().map(Container::application).toList());
    UnknownContainer db = found.unknown().getFirst();
    assertEquals("db", db.application());
    assertEquals(List.of(DATA), db.volumes());
    assertEquals(Processes.PERHAPS, db.processes());
    assertEquals(EngineFailure.ENGINE_SILENT, db.failure().failure());
    UnknownContainer sick = found.unknown().getLast();
    assertEquals("sick", sick.application());
    assertEquals(Processes.SOME, sick.processes());
    assertTrue(sick.failure().detail().contains("its storage is on fire"), sick.failure().detail());
    FailureException failure = assertThrows(FailureException.class, found::whole);
    assertEquals(EngineFailure.ENGINE_SILENT, failure.failure());
  }

  @Test
  void oneThatIsOursAndDoesNotSayWhatItWasMadeWithIsUnknown() throws Exception {
    list("db", "running", inspected("db", DATA), DATA);
    list("web", "running", inspected("web"));

    Containers found = look(ONE_BY_ONE);

    assertEquals(List.of("web"), found.known().stream().map(Container::application).toList());
    UnknownContainer db = found.unknown().getFirst();
    assertEquals(List.of(DATA), db.volumes());
    assertEquals(EngineFailure.ENGINE_OUTPUT_UNREADABLE, db.failure().failure());
    assertTrue(db.failure().detail().contains("flocker--db (db)"), db.failure().detail());
    assertTrue(db.failure().detail().contains("[/data]"), db.failure().detail());
    try (DockerEngine engine = new DockerEngine(loops, socket, ONE_BY_ONE)) {
      assertThrows(FailureException.class, () -> engine.container("db"));
    }
  }

  @Test
  void whatTheEngineHangsAtMayJustBeStarting() throws Exception {
    list("made", "created", _ -> isOver.await());
    list("refused", "created", FakeEngine.json(500, "{\"message\":\"no\"}"));
    list("dying", "removing", _ -> isOver.await());
    list("strange", "resting", FakeEngine.json(500, "{\"message\":\"no\"}"));

    Map<String, Processes> found = new TreeMap<>();
    look(ONE_BY_ONE).unknown().forEach(one -> found.put(one.application(), one.processes()));

    assertEquals(
        Map.of(
            "made", Processes.PERHAPS,
            "refused", Processes.NONE,
            "dying", Processes.NONE,
            "strange", Processes.PERHAPS),
        found);
  }

  @Test
  void howeverManyHangTheLookEnds() throws Exception {
    for (int i = 0; i < 100; i++) {
      list("db" + i, "running", _ -> isOver.await());
    }

    Containers found = look(TOGETHER);

    assertEquals(100, found.unknown().size());
    assertTrue(
        found.unknown().stream()
            .allMatch(one -> one.failure().failure() == EngineFailure.ENGINE_SILENT));
  }

  @Test
  void anEngineThatGivesNoSignOfLifeIsAway() throws Exception {
    list("web", "running", _ -> isOver.await());
    fake.instead("GET /_ping", FakeEngine.raw(""));

    FailureException failure = assertThrows(FailureException.class, () -> look(ONE_BY_ONE));

    assertEquals(EngineFailure.ENGINE_UNAVAILABLE, failure.failure());
  }

  @Test
  void onlyTheContainersOfAnApplicationAreLookedAtForIt() throws Exception {
    list("web", "running", inspected("web"));
    try (DockerEngine engine = new DockerEngine(loops, socket, ONE_BY_ONE)) {
      assertEquals(1, engine.containersOf("web").size());
    }
    assertTrue(
        fake.requests().stream()
            .anyMatch(request ->
                request.contains(
                    DockerEngine.encoded("{\"label\":[\"flocker.application=web\"]}"))),
        fake.requests()::toString);

    fake.instead("GET /containers/web/json", FakeEngine.json(500, "{}"));
    try (DockerEngine engine = new DockerEngine(loops, socket, ONE_BY_ONE)) {
      assertThrows(FailureException.class, () -> engine.containersOf("web"));
    }
  }

  private Containers look(Patience patience) throws FailureException {
    try (DockerEngine engine = new DockerEngine(loops, socket, patience)) {
      return engine.containers();
    }
  }

  /** Has the engine list one whose id is its application's name. */
  private void list(
      String application, String state, FakeEngine.Reply inspection, MountedVolume... volumes) {
    listed.add(
        Map.of(
            "Id",
            application,
            "Names",
            List.of("/flocker--" + application),
            "State",
            state,
            "Labels",
            body(application, volumes).getOrDefault("Labels", Map.of())));
    fake.instead("GET /containers/json", FakeEngine.json(200, text(listed)));
    fake.reply("GET /containers/" + application + "/json", inspection);
  }

  /** As an engine answers that has mounted none of its volumes. */
  private static FakeEngine.Reply inspected(String application, MountedVolume... volumes) {
    Map<String, Object> body = body(application, volumes);
    return FakeEngine.json(
        200,
        text(
            Map.of(
                "Id",
                application,
                "Name",
                "/flocker--" + application,
                "Config",
                body,
                "HostConfig",
                body.getOrDefault("HostConfig", Map.of()),
                "Mounts",
                List.of(),
                "State",
                Map.of("Status", "running"))));
  }

  private static Map<String, Object> body(String application, MountedVolume... volumes) {
    Map<String, Path> folders = new TreeMap<>();
    for (MountedVolume volume : volumes) {
      folders.put(volume.mountpoint(), Path.of("/flocker", volume.name().toString()));
    }
    Application made =
        Application.named(application, Image.parse("a/b:1")).volumes(List.of(volumes)).build();
    return ContainerBody.of(ContainerDefinition.of(made, 7, folders, "node-1"));
  }

  private static String text(Object document) {
    return new String(Json.write(document), StandardCharsets.UTF_8);
  }
}
