package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.docker.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two nodes are told another wish every few seconds, while all that they rely on fails again and
 * again. Then it is quiet, and they reach the last wish by themselves. {@code
 * benchmarks/containers} has this done for longer.
 */
@Timeout(7200)
class ContainerChaos {
  private static final Duration LONG =
      Duration.ofSeconds(Integer.getInteger("flocker.chaos.seconds", 60));
  private static final long SEED = Long.getLong("flocker.chaos.seed", 1);
  private static final String REPORT = System.getProperty("flocker.report", "");

  /** How long it may take until all is as wished, once nobody disturbs it. */
  private static final Duration QUIET = Duration.ofMinutes(5);

  /** An engine is started again only so many times, see {@code init/with-docker}. */
  private static final int MOST_CRASHES = 15;

  private static final int LONGEST_PAUSE_MILLIS = 4_000;
  private static final List<String> WRITERS = List.of("alpha", "beta");
  private static final String FREE = "free";
  private static final String STRANGER = "stranger";

  @RegisterExtension static final TwoNodes NODES = TwoNodes.apart(NodeSetup.usual());

  private static TwoEngines engines;
  private static Wishes wishes;

  private final Random random = new Random(SEED);
  private final Map<String, Integer> done = new TreeMap<>();
  private final Map<TestNode, Integer> crashes = new HashMap<>();
  private final long started = System.nanoTime();

  /** The last wish, and where each application is to run. */
  private Wishes.Wish last = new Wishes.Wish(0, List.of(), Map.of());

  private Map<String, TestNode> places = Map.of();

  /** Something that goes wrong, and is as before when it returns. */
  private interface Fault {
    void happen(TestNode node) throws Exception;
  }

  private record Kind(String name, int weight, Fault fault) {}

  private final List<Kind> kinds =
      List.of(
          new Kind("wishes", 8, _ -> wish()),
          new Kind("containers killed", 2, node -> container(node, "kill")),
          new Kind("containers removed", 2, node -> container(node, "rm", "--force")),
          new Kind("containers stopped", 1, node -> container(node, "stop")),
          new Kind("engines crashed", 1, this::crashEngine),
          new Kind("engines silent", 1, this::silenceEngine),
          new Kind("daemons killed", 2, this::killDaemon),
          new Kind("links cut", 1, _ -> cutLink()));

  @BeforeAll
  static void begin() throws Exception {
    engines = TwoEngines.give(NODES, "ContainerChaos");
    wishes = new Wishes(NODES);
  }

  @AfterAll
  static void end() throws Exception {
    if (engines != null) {
      engines.close();
    }
  }

  @Test
  @DisplayName(
      "whatever fails meanwhile, nodes reach the last wish by themselves, and lose nothing")
  void theLastWishIsReached() throws Exception {
    Map<TestNode, String> strangers = new HashMap<>();
    for (TestNode node : nodes()) {
      strangers.put(
          node,
          engines
              .of(node)
              .docker(
                  "run",
                  "--detach",
                  "--restart",
                  "always",
                  "--name",
                  STRANGER,
                  TestEngine.IMAGE,
                  "sleep",
                  "1000000"));
    }
    Map<String, AcknowledgedWrites> writes = new LinkedHashMap<>();
    for (String writer : WRITERS) {
      writes.put(
          writer,
          new AcknowledgedWrites(
              writer, List.of(engines.of(NODES.first()), engines.of(NODES.second()))));
    }
    try {
      disturb();
      long quiet = System.nanoTime();
      everywhere();
      awaitAsWished();
      say("as wished after " + Duration.ofNanos(System.nanoTime() - quiet));
      requireAsWished(strangers);
      for (String writer : WRITERS) {
        AcknowledgedWrites written = Objects.requireNonNull(writes.get(writer));
        written.awaitBeyond(written.highest());
        TestNode place = Objects.requireNonNull(places.get(writer));
        written.requireAll(place.pool().mounts().resolve("default." + writer));
        done.put("writes of " + writer, (int) written.highest());
      }
      report(Duration.ofNanos(System.nanoTime() - quiet));
    } finally {
      for (AcknowledgedWrites one : writes.values()) {
        one.close();
      }
    }
  }

  private void disturb() throws Exception {
    everywhere();
    int weights = kinds.stream().mapToInt(Kind::weight).sum();
    while (Duration.ofNanos(System.nanoTime() - started).compareTo(LONG) < 0) {
      int drawn = random.nextInt(weights);
      TestNode node = nodes().get(random.nextInt(2));
      for (Kind kind : kinds) {
        drawn -= kind.weight();
        if (drawn < 0) {
          say(kind.name() + " " + (node == NODES.first() ? "first" : "second"));
          kind.fault().happen(node);
          var _ = done.merge(kind.name(), 1, Integer::sum);
          break;
        }
      }
      pause(LONGEST_PAUSE_MILLIS);
    }
  }

  /** A wish in which an application may run nowhere. */
  private void wish() throws Exception {
    Map<String, TestNode> wanted = new HashMap<>();
    for (String application : applications()) {
      int drawn = random.nextInt(5);
      if (drawn < 4) {
        wanted.put(application, nodes().get(drawn % 2));
      }
    }
    tell(wanted);
  }

  /** A wish in which all run. */
  private void everywhere() throws Exception {
    Map<String, TestNode> wanted = new HashMap<>();
    for (String application : applications()) {
      wanted.put(application, nodes().get(random.nextInt(2)));
    }
    tell(wanted);
  }

  private void tell(Map<String, TestNode> wanted) throws Exception {
    String variant = String.valueOf(random.nextInt(3));
    List<Map<String, Object>> applications = new ArrayList<>();
    for (String writer : WRITERS) {
      applications.add(
          application(writer, AcknowledgedWrites.PROGRAM, "0", Optional.of("default." + writer)));
    }
    applications.add(
        application(
            FREE, "trap 'exit 0' TERM; while :; do sleep 0.2; done", variant, Optional.empty()));
    Map<TestNode, List<String>> byNode = new LinkedHashMap<>();
    for (TestNode node : nodes()) {
      byNode.put(node, applications().stream().filter(name -> wanted.get(name) == node).toList());
    }
    last = wishes.next(applications, byNode);
    wishes.tell(last);
    places = wanted;
  }

  private static Map<String, Object> application(
      String name, String program, String variant, Optional<String> volume) {
    Map<String, Object> application =
        Wishes.application(
            name,
            program,
            Map.of(
                "restartPolicy",
                Map.of("name", "always"),
                "volumes",
                volume.stream().map(one -> Map.of("name", one, "mountpoint", "/data")).toList()));
    application.put(
        "program",
        Map.of("command", List.of("sh", "-c", program), "environment", Map.of("VARIANT", variant)));
    return application;
  }

  private void container(TestNode node, String... command) throws Exception {
    String names =
        docker(node, "ps", "--filter", "label=flocker.application", "--format", "{{.Names}}");
    List<String> running = names.lines().sorted().toList();
    if (!running.isEmpty()) {
      List<String> all = new ArrayList<>(List.of(command));
      all.add(running.get(random.nextInt(running.size())));
      String _ = docker(node, all.toArray(new String[0]));
    }
  }

  /** What it says; nothing where it refuses, since the container has gone meanwhile. */
  private static String docker(TestNode node, String... arguments) throws Exception {
    try {
      return engines.of(node).docker(arguments);
    } catch (IOException _) {
      return "";
    }
  }

  private void crashEngine(TestNode node) throws Exception {
    if (crashes.merge(node, 1, Integer::sum) <= MOST_CRASHES) {
      engines.of(node).crash();
    }
  }

  private void silenceEngine(TestNode node) throws Exception {
    engines.of(node).signalDaemon("STOP");
    pause(LONGEST_PAUSE_MILLIS);
    engines.of(node).signalDaemon("CONT");
  }

  private void killDaemon(TestNode node) throws Exception {
    node.daemon().kill();
    pause(LONGEST_PAUSE_MILLIS);
    node.start();
  }

  private void cutLink() throws Exception {
    NODES.network().part();
    try {
      pause(2 * LONGEST_PAUSE_MILLIS);
      if (random.nextBoolean()) {
        wish();
        pause(LONGEST_PAUSE_MILLIS);
      }
    } finally {
      NODES.network().join();
    }
  }

  private void pause(int mostMillis) {
    LockSupport.parkNanos(Duration.ofMillis(random.nextInt(mostMillis)).toNanos());
  }

  private void awaitAsWished() throws Exception {
    long deadline = System.nanoTime() + QUIET.toNanos();
    while (!wishes.isReached(last)) {
      assertTrue(System.nanoTime() < deadline, ContainerChaos::statuses);
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }

  private static String statuses() {
    StringBuilder said = new StringBuilder("not as wished:\n");
    for (TestNode node : nodes()) {
      try {
        said.append(node.id()).append(": ").append(wishes.status(node)).append('\n');
        said.append(docker(node, "ps", "--all")).append('\n');
      } catch (Exception e) {
        said.append(node.id()).append(": ").append(e).append('\n');
      }
    }
    return said.toString();
  }

  /** Each runs where it is wished and nowhere else, and its volume is there alone. */
  private void requireAsWished(Map<TestNode, String> strangers) throws Exception {
    for (TestNode node : nodes()) {
      TestEngine engine = engines.of(node);
      List<String> wished =
          applications().stream()
              .filter(name -> places.get(name) == node)
              .map(name -> "flocker--" + name)
              .sorted()
              .toList();
      String labelled = "label=flocker.application";
      assertEquals(
          wished,
          engine
              .docker("ps", "--filter", labelled, "--format", "{{.Names}}")
              .lines()
              .sorted()
              .toList());
      assertEquals(
          wished,
          engine
              .docker("ps", "--all", "--filter", labelled, "--format", "{{.Names}}")
              .lines()
              .sorted()
              .toList());
      assertEquals(
          strangers.get(node),
          engine.docker("ps", "--no-trunc", "--quiet", "--filter", "name=^" + STRANGER + "$"));
      for (String writer : WRITERS) {
        VolumeName volume = VolumeName.parse("default." + writer);
        boolean isHere = places.get(writer) == node;
        Path written = node.pool().mounts().resolve(volume.toString()).resolve("written");
        assertEquals(isHere, Files.exists(written), () -> volume + " at " + node.id());
        if (isHere) {
          assertEquals(Role.OWNER, node.client().volume(volume).role());
        }
      }
    }
  }

  private void report(Duration quiet) throws IOException {
    StringBuilder report = new StringBuilder();
    report.append(
        "%d s, seed %d; as wished and judged %d s after it had become quiet.%n"
            .formatted(LONG.toSeconds(), SEED, quiet.toSeconds()));
    done.forEach((name, count) -> report.append("- %s: %d%n".formatted(name, count)));
    System.out.println(report);
    if (!REPORT.isEmpty()) {
      Files.writeString(Path.of(REPORT), report);
    }
  }

  private void say(String what) {
    System.out.printf(
        "%6.1f s  %s%n", Duration.ofNanos(System.nanoTime() - started).toMillis() / 1e3, what);
  }

  private static List<String> applications() {
    List<String> applications = new ArrayList<>(WRITERS);
    applications.add(FREE);
    return applications;
  }

  private static List<TestNode> nodes() {
    return NODES.both();
  }
}
