package io.flocker.http.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.ApplicationBuilder;
import io.flocker.core.deploy.HealthCheck;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.Limits;
import io.flocker.core.deploy.Link;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.Privileges;
import io.flocker.core.deploy.Program;
import io.flocker.core.deploy.Protocol;
import io.flocker.core.deploy.PullPolicy;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerDefinition;
import io.flocker.core.deploy.engine.ContainerState.Health;
import io.flocker.core.deploy.engine.ContainerState.Status;
import io.flocker.core.deploy.engine.EngineEvent;
import io.flocker.core.deploy.engine.EngineEvent.Kind;
import io.flocker.core.deploy.engine.EngineListener;
import io.flocker.core.deploy.engine.EngineWatch;
import io.flocker.core.deploy.engine.PullProgress;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.json.Json;
import io.flocker.http.net.EventLoops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DockerEngineIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> SLEEP = List.of("sleep", "1000");

  /** Ends at once when it is told to, which a first process does only if it says so. */
  private static final String SLEEP_UNTIL_TERM = "trap 'exit 3' TERM; sleep 1000 & wait";

  @TempDir static Path root;
  private static TestEngine machine;
  private static EventLoops loops;
  private static DockerEngine engine;

  @BeforeAll
  static void start() throws Exception {
    TestEngine.run("mount", "--bind", root.toString(), root.toString());
    TestEngine.run("mount", "--make-private", root.toString());
    Files.createDirectories(root.resolve("shared"));
    Files.createDirectories(root.resolve("private"));
    String shared = root.resolve("shared").toString();
    TestEngine.run("mount", "--bind", shared, shared);
    TestEngine.run("mount", "--make-shared", shared);
    machine = TestEngine.start("DockerEngineIT");
    loops = EventLoops.start(1);
    engine = new DockerEngine(loops, machine.socket());
  }

  @AfterAll
  static void end() throws Exception {
    if (machine != null) {
      engine.close();
      loops.close();
      machine.close();
    }
    // Lazily: the engine's own copies of these mounts may take a moment to go.
    TestEngine.run("umount", "--recursive", "--lazy", root.toString());
  }

  @AfterEach
  void removeAll() throws FailureException {
    for (Container container : engine.containers().whole()) {
      engine.stop(container, Optional.of(Duration.ZERO));
      engine.remove(container);
    }
  }

  @Test
  void tellsWhichEngineItIs() throws Exception {
    String description = engine.describe().toString();

    assertTrue(description.contains("unix://" + machine.socket()), description);
    assertTrue(description.contains("API 1."), description);
  }

  @Test
  void findsWhatItCreatedFromADefinitionAsThatDefinition() throws Exception {
    Path data = mounted("shared", "full-data");
    Path logs = mounted("shared", "full-logs");
    ContainerDefinition wish =
        ContainerDefinition.of(full(), 7, Map.of("/data", data, "/logs", logs), "node-1");

    Container found = created(wish);

    assertEquals(wish, found.definition());
    assertEquals(full().digest(), found.digest());
    assertEquals("flocker--full", found.name());
    assertEquals(Status.CREATED, found.state().status());
    assertFalse(found.restartsByItself());
    engine.start(found);
    Container running = container("full");
    assertEquals(wish, running.definition());
    assertTrue(running.state().trouble().isEmpty() || running.state().health().isPresent());
    assertEquals(List.of(running), engine.containers().whole());
    engine.start(running); // Does nothing.
    assertEquals(running.state().started(), container("full").state().started());
  }

  @Test
  void findsWhatSaysNothingOrTheSameAsItsImageAsThat() throws Exception {
    Application plain = Application.named("plain", Image.parse(TestEngine.IMAGE)).build();
    Application same =
        Application.named("same", Image.parse(TestEngine.IMAGE))
            .program(program(Optional.of(List.of("sh")), Map.of("PATH", "/bin", "EMPTY", "")))
            .build();

    assertEquals(plain.container(), created(definition(plain)).definition().application());
    assertEquals(same.container(), created(definition(same)).definition().application());
  }

  @Test
  void seesLimitsThatSomebodyHasChangedAndThatTheEngineWouldRestartIt() throws Exception {
    Container before = created(definition(sleeping("changed").build()));

    docker(
        "POST",
        "/containers/" + before.id() + "/update",
        "{\"Memory\":33554432,\"MemorySwap\":67108864,\"RestartPolicy\":{\"Name\":\"always\"}}");

    Container after = container("changed");
    assertEquals(
        OptionalLong.of(33_554_432), after.definition().application().limits().memoryBytes());
    assertTrue(after.definition().application().needsRestart(sleeping("changed").build()));
    assertTrue(after.restartsByItself());
  }

  @Test
  void aContainerGetsItsPortsVariablesAndLinks() throws Exception {
    Application web =
        Application.named("web", Image.parse(TestEngine.IMAGE))
            .program(
                program(
                    Optional.of(
                        List.of(
                            "sh", "-c", "env > /tmp/index.html; exec httpd -f -p 8000 -h /tmp")),
                    Map.of("SIZE", "two words", "DB_PORT_80_TCP_PROTO", "mine")))
            .ports(List.of(Port.tcp(8_000, 18_080)))
            .links(List.of(new Link(80, 8_080, "db")))
            .build();

    engine.start(created(definition(web)));

    String page = untilItAnswers("http://127.0.0.1:18080/index.html");
    assertTrue(page.contains("SIZE=two words\n"), page);
    assertTrue(page.contains("DB_PORT_80_TCP=tcp://node-1:8080\n"), page);
    assertTrue(page.contains("DB_PORT_80_TCP_PROTO=mine\n"), page);
  }

  @Test
  void seesWhatIsMountedBelowASharedFolderAfterTheEnginesStart() throws Exception {
    Path folder = mounted("shared", "seen");
    Application writer =
        shell("writer", "echo hello > /data/greeting; sleep 1000")
            .volumes(List.of(MountedVolume.of(VolumeName.parse("default.seen"), "/data")))
            .build();

    Container container =
        created(ContainerDefinition.of(writer, 1, Map.of("/data", folder), "node-1"));
    engine.start(container);

    await(() -> Files.exists(folder.resolve("greeting")));
    assertEquals("hello\n", Files.readString(folder.resolve("greeting")));
  }

  @Test
  void doesNotStartWhereTheEngineSeesTheBareFolder() throws Exception {
    Path folder = mounted("private", "unseen");
    Application writer =
        shell("unseen", "echo hello > /data/greeting")
            .volumes(List.of(MountedVolume.of(VolumeName.parse("default.unseen"), "/data")))
            .build();
    Container container =
        created(ContainerDefinition.of(writer, 1, Map.of("/data", folder), "node-1"));

    FailureException failure = refused(EngineFailure.MOUNT_UNSEEN, () -> engine.start(container));

    assertTrue(failure.detail().contains(folder.toString()), failure.detail());
    assertTrue(
        failure.detail().contains(folder.getParent() + " is not a shared mount on this node"),
        failure.detail());
    assertTrue(failure.failure().remedy().contains("--make-shared"));
    assertEquals(Status.CREATED, container("unseen").state().status());
    TestEngine.run("umount", folder.toString());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList(), "the bare folder is as it was");
    }
  }

  @Test
  void saysThatTheFolderWasMadeSharedTooLate() throws Exception {
    Path late = Files.createDirectories(root.resolve("late"));
    TestEngine.run("mount", "--bind", late.toString(), late.toString());
    TestEngine.run("mount", "--make-shared", late.toString());
    Path folder = mounted("late", "data");
    Application writer =
        sleeping("late")
            .volumes(List.of(MountedVolume.of(VolumeName.parse("default.late"), "/data")))
            .build();
    Container container =
        created(ContainerDefinition.of(writer, 1, Map.of("/data", folder), "node-1"));

    FailureException failure = refused(EngineFailure.MOUNT_UNSEEN, () -> engine.start(container));

    assertTrue(failure.detail().contains("the engine was started before"), failure.detail());
  }

  @Test
  void makesNoFolderWhereThereIsNone() {
    Application writer =
        sleeping("missing")
            .volumes(List.of(MountedVolume.of(VolumeName.parse("default.missing"), "/data")))
            .build();
    Path nowhere = root.resolve("shared").resolve("nowhere");

    refused(
        EngineFailure.MOUNT_UNSEEN,
        () -> engine.create(ContainerDefinition.of(writer, 1, Map.of("/data", nowhere), "node-1")));

    assertFalse(Files.exists(nowhere));
  }

  @Test
  void stopsAContainerInItsOwnTimeAndKillsOneThatDoesNotListen() throws Exception {
    engine.start(created(definition(shell("listens", SLEEP_UNTIL_TERM).build())));
    engine.start(created(definition(sleeping("deaf").build())));
    await(() -> engine.tail(container("listens"), 1).isEmpty());

    Container deaf = container("deaf");
    long begin = System.nanoTime();
    engine.stop(deaf, Optional.of(Duration.ofMillis(1_500)));
    Duration took = Duration.ofNanos(System.nanoTime() - begin);

    assertTrue(took.compareTo(Duration.ofMillis(1_500)) >= 0, "it was given its time: " + took);
    assertEquals(137, container("deaf").state().exitCode());
    assertEquals(Optional.of("it ended with exit code 137"), container("deaf").state().trouble());
    engine.stop(container("listens"), Optional.of(Duration.ofSeconds(100)));
    assertEquals(3, container("listens").state().exitCode());
    engine.stop(deaf, Optional.empty()); // Has ended.
    engine.remove(deaf);
    engine.stop(deaf, Optional.empty()); // Is gone.
    engine.remove(deaf);
    assertEquals(Optional.empty(), engine.container(deaf.id()));
    refused(EngineFailure.CONTAINER_NOT_FOUND, () -> engine.start(deaf));
  }

  @Test
  void namesWantOfMemory() throws Exception {
    Application hungry =
        shell("hungry", "x=x; while true; do x=$x$x; done")
            .limits(
                new Limits(
                    OptionalLong.of(16 << 20),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    new TreeMap<>()))
            .build();
    Hearer hearer = new Hearer();
    try (EngineWatch _ = engine.watch(hearer)) {
      hearer.awaitLook();
      engine.start(created(definition(hungry)));
      hearer.await(event -> event.kind() == Kind.OUT_OF_MEMORY);
      EngineEvent end = hearer.await(event -> event.kind() == Kind.ENDED);
      assertEquals(OptionalInt.of(137), end.exitCode());
    }

    assertTrue(container("hungry").state().isOutOfMemory());
    assertEquals(
        Optional.of("it was killed for want of memory (exit code 137)"),
        container("hungry").state().trouble());
  }

  @Test
  void isServingOnceItIsHealthyAndSaysWhyItIsNot() throws Exception {
    HealthCheck check =
        new HealthCheck(
            List.of("CMD-SHELL", "cat /tmp/state"),
            Duration.ofMillis(100),
            Duration.ofSeconds(60),
            Duration.ZERO,
            1);
    Application patient =
        shell("patient", "sleep 0.5; echo well > /tmp/state; " + SLEEP_UNTIL_TERM)
            .healthCheck(Optional.of(check))
            .build();
    Hearer hearer = new Hearer();
    try (EngineWatch _ = engine.watch(hearer)) {
      hearer.awaitLook();
      engine.start(created(definition(patient)));

      await(() -> container("patient").state().trouble().isEmpty());

      hearer.await(event -> event.kind() == Kind.HEALTH);
      assertEquals(Optional.of(Health.HEALTHY), container("patient").state().health());
    }
    engine.stop(container("patient"), Optional.of(Duration.ofSeconds(10)));
    Application sick =
        sleeping("sick")
            .healthCheck(
                Optional.of(
                    new HealthCheck(
                        List.of("CMD-SHELL", "echo no disk; exit 1"),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(60),
                        Duration.ZERO,
                        1)))
            .build();
    engine.start(created(definition(sick)));
    await(() -> container("sick").state().health().equals(Optional.of(Health.UNHEALTHY)));
    assertTrue(container("sick").state().trouble().isPresent());
    assertEquals(
        Optional.of("it is not healthy: its test said: no disk"),
        container("sick").state().trouble());
  }

  @Test
  void aTakenPortIsNamedAndLeavesTheContainerToBeStartedLater() throws Exception {
    Port port = Port.tcp(8_000, 18_081);
    engine.start(created(definition(sleeping("first").ports(List.of(port)).build())));
    Container second = created(definition(sleeping("second").ports(List.of(port)).build()));

    FailureException failure = refused(EngineFailure.PORT_TAKEN, () -> engine.start(second));

    assertTrue(failure.detail().contains("18081"), failure.detail());
    assertTrue(failure.detail().contains("flocker--second"), failure.detail());
    Container after = container("second");
    assertEquals(Status.CREATED, after.state().status());
    assertTrue(after.state().trouble().orElseThrow().contains("18081"));
    engine.stop(container("first"), Optional.of(Duration.ZERO));
    engine.start(after);
    assertEquals(Optional.empty(), container("second").state().trouble());
  }

  @Test
  void touchesNothingOfOthers() throws Exception {
    String strange =
        id(
            docker(
                "POST",
                "/containers/create?name=flocker--stranger",
                "{\"Image\":\"%s\",\"Cmd\":[\"sleep\",\"1000\"],\"Labels\":{\"flocker.application\":\"stranger\"}}"
                    .formatted(TestEngine.IMAGE)));
    docker("POST", "/containers/" + strange + "/start", "");

    assertEquals(List.of(), engine.containers().whole(), "a label alone makes it none of ours");
    FailureException failure =
        refused(
            EngineFailure.CONTAINER_NAME_TAKEN,
            () -> engine.create(definition(sleeping("stranger").build())));

    assertTrue(failure.detail().contains("flocker--stranger"), failure.detail());
    assertEquals(strange, failure.members().get("container"));
    assertEquals(Optional.empty(), engine.container(strange));
    assertTrue(docker("GET", "/containers/" + strange + "/json", "").contains("\"running\""));
    docker("DELETE", "/containers/" + strange + "?force=1", "");
  }

  @Test
  @DisplayName("90 an application has one container, and a second one is refused")
  void anApplicationHasOneContainer() throws Exception {
    Container only = created(definition(sleeping("only").build()));

    refused(
        EngineFailure.CONTAINER_EXISTS, () -> engine.create(definition(sleeping("only").build())));

    assertEquals(List.of(only), engine.containers().whole());
  }

  @Test
  void saysThatAnImageIsNotThere() throws Exception {
    Image image = Image.parse("flocker/nowhere:1");

    refused(
        EngineFailure.IMAGE_NOT_FOUND,
        () -> engine.create(definition(Application.named("none", image).build())));
    refused(
        EngineFailure.IMAGE_NOT_FOUND,
        () -> engine.provide(image, PullPolicy.NEVER, PullProgress.NONE));
    FailureException failure =
        refused(
            EngineFailure.IMAGE_NOT_PULLED,
            () -> engine.provide(image, PullPolicy.MISSING, PullProgress.NONE));
    assertTrue(failure.detail().contains("flocker/nowhere:1"), failure.detail());
    engine.provide(Image.parse(TestEngine.IMAGE), PullPolicy.MISSING, PullProgress.NONE);
  }

  @Test
  void showsTheEndOfWhatAContainerWrote() throws Exception {
    Application talker =
        shell("talker", "i=0; while [ $i -lt 5000 ]; do i=$((i+1)); echo line $i; done").build();
    engine.start(created(definition(talker)));
    await(() -> !container("talker").state().isAlive());

    String last = engine.tail(container("talker"), 2);
    String all = engine.tail(container("talker"), 6_000);

    assertEquals("line 4999\nline 5000\n", last);
    assertTrue(all.startsWith("..."), all.substring(0, 20));
    assertTrue(all.endsWith("line 5000\n"), all.substring(all.length() - 20));
    assertTrue(all.length() <= 16 * 1024 + 3);
  }

  @Test
  void showsWhatAContainerWroteToStderr() throws Exception {
    Application loser = shell("loser", "echo so far; echo oh >&2").build();
    engine.start(created(definition(loser)));
    await(() -> !container("loser").state().isAlive());

    // The engine takes both by a copier each: which line comes first is nobody's promise.
    assertEquals(
        Set.of("so far", "oh"),
        engine.tail(container("loser"), 10).lines().collect(Collectors.toSet()));
  }

  @Test
  void missesNothingWhereTheEngineCrashesUnderTheEvents() throws Exception {
    engine.start(created(definition(sleeping("survivor").build())));
    Hearer hearer = new Hearer();
    try (EngineWatch _ = engine.watch(hearer)) {
      hearer.awaitLook();

      machine.crash();

      assertEquals(EngineFailure.ENGINE_UNAVAILABLE, hearer.awaitAway().failure());
      hearer.awaitLook();
      assertEquals(
          Status.EXITED, container("survivor").state().status(), "nothing restarts by itself");
      engine.start(container("survivor"));
      hearer.await(event -> event.kind() == Kind.STARTED && event.application().equals("survivor"));
    }
  }

  @Test
  void tellsThatItBeganAfterTheEndOfWhatTheEngineBeforeHasStopped() throws Exception {
    engine.start(created(definition(sleeping("stopped").build())));
    engine.start(created(definition(shell("done", "exit 0").build())));
    await(() -> container("done").state().end().isPresent());
    Instant begun = engine.begun().orElseThrow();
    assertTrue(container("done").state().end().orElseThrow().isAfter(begun));

    machine.restart();

    assertTrue(
        container("stopped").state().end().orElseThrow().isBefore(engine.begun().orElseThrow()));
  }

  @Test
  void hearsWhatHappensToOursAndNothingElse() throws Exception {
    Hearer hearer = new Hearer();
    try (EngineWatch _ = engine.watch(hearer)) {
      hearer.awaitLook();
      String strange =
          id(
              docker(
                  "POST", "/containers/create", "{\"Image\":\"%s\"}".formatted(TestEngine.IMAGE)));
      docker("DELETE", "/containers/" + strange, "");

      Container container = created(definition(sleeping("heard").build()));
      engine.start(container);
      engine.stop(container, Optional.of(Duration.ZERO));
      engine.remove(container);

      List<Kind> kinds = new ArrayList<>();
      EngineEvent event;
      do {
        event = hearer.await(one -> one.containerId().equals(container.id()));
        kinds.add(event.kind());
      } while (event.kind() != Kind.REMOVED);
      assertEquals(List.of(Kind.CREATED, Kind.STARTED, Kind.ENDED, Kind.REMOVED), kinds);
      assertFalse(hearer.heard().contains(strange));
    }
  }

  @Test
  void anEngineThatStandsStillIsSilentAndNothingIsLost() throws Exception {
    Container container = created(definition(sleeping("still").build()));
    DockerApi api = new DockerApi(new EngineSocket(loops, machine.socket()));
    machine.signalDaemon("STOP");
    try {
      refused(
          EngineFailure.ENGINE_SILENT,
          () -> api.ask(EngineCall.get("answer", "/info").within(Duration.ofMillis(200))));
    } finally {
      machine.signalDaemon("CONT");
    }
    assertEquals(List.of(container), engine.containers().whole());
  }

  // ------------------------------------------------------------------ applications

  private static Application full() {
    return Application.named("full", Image.parse(TestEngine.IMAGE))
        .program(
            new Program(
                Optional.of(List.of("-c", "sleep 1000")),
                Optional.of(List.of("/bin/sh")),
                new TreeMap<>(Map.of("SIZE", "1", "EMPTY", "", "ODD", "a=b \"c\"\n")),
                Optional.of("0:0"),
                Optional.of("/tmp")))
        .ports(
            List.of(
                Port.tcp(8_000, 18_090),
                Port.tcp(8_000, 18_091),
                new Port(53, 18_053, Protocol.UDP)))
        .links(List.of(new Link(80, 8_080, "web-server")))
        .volumes(
            List.of(
                new MountedVolume(
                    VolumeName.parse("default.full"),
                    Optional.of(VolumeId.parse("6f3c6f0e-2f0c-4c5e-9a5d-0d7a1c1b2e11")),
                    "/data",
                    false,
                    OptionalLong.of(1L << 30),
                    Optional.of("gold"),
                    new TreeMap<>(Map.of("team", "storage")),
                    Optional.empty()),
                new MountedVolume(
                    VolumeName.parse("default.logs"),
                    Optional.empty(),
                    "/logs",
                    true,
                    OptionalLong.empty(),
                    Optional.empty(),
                    new TreeMap<>(),
                    Optional.empty())))
        .limits(
            new Limits(
                OptionalLong.of(100_000_000),
                OptionalInt.of(512),
                OptionalInt.of(1_500),
                new TreeMap<>(Map.of("nofile", new Limits.Ulimit(1_024, 4_096)))))
        .privileges(
            new Privileges(
                true, new TreeSet<>(List.of("NET_ADMIN")), new TreeSet<>(List.of("CHOWN"))))
        .healthCheck(
            Optional.of(
                new HealthCheck(
                    List.of("CMD", "true"),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(1_500),
                    Duration.ofMinutes(1),
                    2)))
        .labels(Map.of("team", "storage"))
        .build();
  }

  private static ApplicationBuilder sleeping(String name) {
    return Application.named(name, Image.parse(TestEngine.IMAGE))
        .program(program(Optional.of(SLEEP), Map.of()));
  }

  private static ApplicationBuilder shell(String name, String script) {
    return Application.named(name, Image.parse(TestEngine.IMAGE))
        .program(program(Optional.of(List.of("sh", "-c", script)), Map.of()));
  }

  private static Program program(Optional<List<String>> command, Map<String, String> environment) {
    return new Program(
        command, Optional.empty(), new TreeMap<>(environment), Optional.empty(), Optional.empty());
  }

  private static ContainerDefinition definition(Application application) {
    return ContainerDefinition.of(application, 1, Map.of(), "node-1");
  }

  // ------------------------------------------------------------------ what is done and asked

  private static Container created(ContainerDefinition definition) throws FailureException {
    return engine.container(engine.create(definition)).orElseThrow();
  }

  private static Container container(String application) throws FailureException {
    return engine.containers().whole().stream()
        .filter(one -> one.application().equals(application))
        .findFirst()
        .orElseThrow();
  }

  /** A file system of its own in a folder, as a volume is. */
  private static Path mounted(String below, String name) throws Exception {
    Path folder = Files.createDirectories(root.resolve(below).resolve(name));
    // The clock of files stands for some milliseconds: both folders could bear one time.
    Files.setLastModifiedTime(folder, FileTime.from(Instant.EPOCH));
    TestEngine.run("mount", "-t", "tmpfs", "flocker-test", folder.toString());
    return folder;
  }

  /** Asks the engine past the client. */
  private static String docker(String method, String path, String body)
      throws IOException, InterruptedException {
    return TestEngine.run(
        "curl",
        "-sS",
        "-X",
        method,
        "--unix-socket",
        machine.socket().toString(),
        "-H",
        "Content-Type: application/json",
        "-d",
        body,
        "http://docker/v1.41" + path);
  }

  private static String id(String created) {
    return Json.read(created.getBytes(UTF_8)).path("Id").asString();
  }

  private static String untilItAnswers(String url) throws Exception {
    return machine.inItsNetwork(
        "curl", "-sS", "--retry", "100", "--retry-delay", "1", "--retry-all-errors", url);
  }

  private static FailureException refused(EngineFailure expected, Executable what) {
    FailureException failure = assertThrows(FailureException.class, what);
    assertEquals(expected, failure.failure(), failure.detail());
    return failure;
  }

  /** Asks again and again: nobody tells when this is so. */
  private static void await(Question question) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!question.ask()) {
      assertTrue(System.nanoTime() < deadline, "it does not come to be");
      Thread.sleep(20);
    }
  }

  private interface Question {
    boolean ask() throws Exception;
  }

  /** Hears everything. */
  private static final class Hearer implements EngineListener {
    private final BlockingQueue<Object> looks = new LinkedBlockingQueue<>();
    private final BlockingQueue<FailureException> away = new LinkedBlockingQueue<>();
    private final BlockingQueue<EngineEvent> events = new LinkedBlockingQueue<>();
    private final Set<String> containers = new HashSet<>();

    @Override
    public void look() {
      looks.add("look");
    }

    @Override
    public void happened(EngineEvent event) {
      events.add(event);
    }

    @Override
    public void away(FailureException failure) {
      away.add(failure);
    }

    void awaitLook() throws InterruptedException {
      assertTrue(looks.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) != null, "no look");
    }

    FailureException awaitAway() throws InterruptedException {
      FailureException failure = away.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      assertTrue(failure != null, "never away");
      return failure;
    }

    EngineEvent await(Predicate<EngineEvent> expected) throws InterruptedException {
      while (true) {
        EngineEvent event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertTrue(event != null, "no such event");
        containers.add(event.containerId());
        if (expected.test(event)) {
          return event;
        }
      }
    }

    Set<String> heard() {
      return containers;
    }
  }
}
