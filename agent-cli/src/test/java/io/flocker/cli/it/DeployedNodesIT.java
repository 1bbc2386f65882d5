package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.Flocker;
import io.flocker.core.id.Address;
import io.flocker.core.os.NamespaceThreads;
import io.flocker.core.os.TestJvm;
import io.flocker.core.os.TestNetwork;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.docker.TestEngine;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * Two daemons in networks of their own, with pools and engines, and a client elsewhere. Needs root.
 */
@Timeout(600)
class DeployedNodesIT {
  @RegisterExtension
  static final TwoNodes NODES = TwoNodes.apart(NodeSetup.usual().withFaultyZfs());

  private static final int PORT = 7000;
  private static final int CONNECT_MILLIS = 2000;

  /** Answers at its port with what it hears, and ends at once where it is told to. */
  private static final String ECHOING = "trap 'exit 0' TERM; nc -ll -p 7 -e cat & wait";

  private static TwoEngines engines;
  private static Wishes wishes;
  private static NamespaceThreads client;

  @BeforeAll
  static void begin() throws Exception {
    for (TestNode node : NODES.both()) {
      // Else Docker allows it, and drops then what is not for its own containers.
      String _ =
          run(node, "sysctl", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
    }
    engines = TwoEngines.giveRecorded(NODES, "DeployedNodesIT");
    wishes = new Wishes(NODES);
    client = new NamespaceThreads(NODES.network().add().namespace());
    learn(NODES.first(), NODES.second());
    learn(NODES.second(), NODES.first());
  }

  private static void learn(TestNode node, TestNode other) throws Exception {
    List<Address> addresses =
        List.of(Address.parse(other.address()), new Address(place(other).host6(), other.port()));
    Peer _ = node.client().putPeer(new Peer(other.id(), addresses, Takeover.NEVER));
  }

  private static TestNetwork.Place place(TestNode node) {
    return node.location().place().orElseThrow();
  }

  private static String run(TestNode node, String... command) throws Exception {
    List<String> all = new ArrayList<>(place(node).entry());
    all.addAll(List.of(command));
    return TestEngine.run(all.toArray(new String[0]));
  }

  @AfterAll
  static void end() throws Exception {
    if (engines != null) {
      engines.close();
    }
  }

  @AfterEach
  void wishNothing() throws Exception {
    wishes.bring(List.of(), List.of());
  }

  @Test
  @DisplayName("a port answers on both nodes, follows its application, and goes with it")
  void aPortFollowsItsApplication() throws Exception {
    Map<String, Object> echo = echo("echo", PORT);

    wishes.bring(List.of(echo), List.of());
    assertAnswersEverywhere();
    wishes.bring(List.of(), List.of(echo));
    assertAnswersEverywhere();
    wishes.bring(List.of(), List.of());

    for (String host : hosts()) {
      assertFalse(answers(host), host);
    }
    for (TestNode node : NODES.both()) {
      assertFalse(run(node, "nft", "list", "tables").contains("inet flocker"));
    }
  }

  @Test
  @DisplayName("connections through a route stay while applications beside it come and go")
  void connectionsStayWhileOthersChange() throws Exception {
    Map<String, Object> echo = echo("echo", PORT);
    wishes.bring(List.of(echo), List.of());
    List<Connection> connections = new ArrayList<>();
    try {
      for (String host : hosts()) {
        connections.add(Connection.open(host));
      }
      for (int i = 1; i <= 3; i++) {
        Map<String, Object> other = echo("other" + i, PORT + i);
        wishes.bring(List.of(echo, other), List.of());
        wishes.bring(List.of(echo), List.of(other));
        for (Connection connection : connections) {
          connection.say("change " + i);
        }
      }
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }

  @Test
  @DisplayName("C01 C12 a wish that has come true costs looks only, and so does a dry run")
  void anUnchangedWishChangesNothing() throws Exception {
    Map<String, Object> counter = counter("counter", "default.unchanged");
    Map<String, Object> echo = echo("echo", PORT);
    Wishes.Wish wish = wishes.next(List.of(counter, echo), List.of());
    JsonNode plan = wishes.plan(NODES.first(), wish);
    assertFalse(plan.path("isEmpty").booleanValue());
    assertEquals("", containers(NODES.first()));
    wishes.tell(wish);
    wishes.await(wish);
    Map<TestNode, Seen> before = new LinkedHashMap<>();
    for (TestNode node : NODES.both()) {
      before.put(node, Seen.of(node));
      node.faults("echo \"$1\" >> " + Files.createFile(node.file("calls")));
    }

    Wishes.Wish same = wishes.next(List.of(counter, echo), List.of());
    assertTrue(wishes.plan(NODES.first(), same).path("isEmpty").booleanValue());
    wishes.tell(same);
    wishes.await(same);

    for (TestNode node : NODES.both()) {
      node.heal();
      List<String> verbs = Files.readAllLines(node.file("calls"));
      assertEquals(List.of(), verbs.stream().filter(verb -> !verb.matches("list|get")).toList());
      Seen seen = Objects.requireNonNull(before.get(node));
      List<String> requests = engines.socket(node).requests();
      List<String> since = requests.subList(seen.requests(), requests.size());
      assertFalse(since.isEmpty());
      assertEquals(List.of(), since.stream().filter(line -> !line.startsWith("GET ")).toList());
      assertEquals(seen.changedRoutes(), Seen.of(node).changedRoutes());
      assertEquals(seen.present(), containers(node));
    }
  }

  /** What was asked of a node's parts so far, and what there is. */
  private record Seen(int requests, long changedRoutes, String present) {
    static Seen of(TestNode node) throws Exception {
      try (Stream<String> lines = Files.lines(node.log())) {
        return new Seen(
            engines.socket(node).requests().size(),
            lines.filter(line -> line.contains("\"argv\":[\"nft\",\"-f\"")).count(),
            containers(node));
      }
    }
  }

  @Test
  @DisplayName(
      "95 C02 C03 C07 a volume is made, moved, unmounted where it was, kept unwished, and found"
          + " again")
  void volumesAreMadeAndKept() throws Exception {
    String volume = "default.kept";
    Map<String, Object> counter = counter("counter", volume);
    wishes.bring(List.of(counter), List.of());
    long first = Counting.beyond(NODES.first(), volume, 0);
    wishes.bring(List.of(), List.of(counter));
    long second = Counting.beyond(NODES.second(), volume, first);

    VolumeName name = VolumeName.parse(volume);
    assertEquals(Role.REPLICA, NODES.first().client().volume(name).role());
    assertFalse(NODES.first().client().volume(name).mounted());
    assertFalse(Files.exists(NODES.first().pool().mounts().resolve(volume).resolve("count")));
    wishes.bring(List.of(), List.of());
    assertEquals(Role.OWNER, NODES.second().client().volume(name).role());
    wishes.bring(List.of(), List.of(counter));
    var _ = Counting.beyond(NODES.second(), volume, second);
  }

  @Test
  @DisplayName("C05 an application that falls again and again waits ever longer, and says why")
  void aCrashLoopBacksOff() throws Exception {
    Map<String, Object> falling =
        Wishes.application(
            "falling",
            "echo what a pity; exit 3",
            Map.of("restartPolicy", Map.of("name", "always")));
    Map<String, Object> echo = echo("echo", PORT);
    wishes.tell(wishes.next(List.of(falling, echo), List.of()));

    Await.until(
        "three falls",
        () -> wishes.object(NODES.first(), "application", "falling").path("tries").asInt(0) >= 3);
    JsonNode object = wishes.object(NODES.first(), "application", "falling");
    assertTrue(object.path("lastError").toString().contains("3"), object::toString);
    Await.until(
        "the other runs",
        () ->
            wishes
                .object(NODES.first(), "application", "echo")
                .path("state")
                .asString("")
                .equals("as-wished"));
  }

  @Test
  @DisplayName(
      "C08 of two wishes the later one comes true, whenever it comes, and no write is lost")
  void theLaterWishComesTrue() throws Exception {
    String volume = "default.later";
    List<Map<String, Object>> writer =
        List.of(Wishes.application("writer", AcknowledgedWrites.PROGRAM, volume));
    List<Await.Condition> moments =
        List.of(
            () -> true, // Its volume is being pushed, at most.
            () -> containers(NODES.first()).isEmpty(), // It is being handed off.
            () -> !containers(NODES.second()).isEmpty());
    try (AcknowledgedWrites writes =
        new AcknowledgedWrites(
            "writer", List.of(engines.of(NODES.first()), engines.of(NODES.second())))) {
      wishes.bring(writer, List.of());
      for (Await.Condition moment : moments) {
        writes.awaitBeyond(writes.highest());
        wishes.tell(wishes.next(List.of(), writer));
        Await.until("the moment of the later wish", moment);
        wishes.bring(writer, List.of());
        writes.awaitBeyond(writes.highest());
        writes.requireAll(NODES.first().pool().mounts().resolve(volume));
      }
    }
    assertEquals(Role.OWNER, NODES.first().client().volume(VolumeName.parse(volume)).role());
    assertEquals("", containers(NODES.second()));
  }

  @Test
  @DisplayName("C09 while the engine is away volumes converge all the same, and it is said")
  void volumesConvergeWithoutTheEngine() throws Exception {
    String volume = "default.alone";
    Map<String, Object> counter = counter("counter", volume);
    Wishes.Wish wish = wishes.next(List.of(counter), List.of());
    engines.socket(NODES.first()).away();
    try {
      wishes.tell(wish);
      Await.until(
          "the volume",
          () ->
              NODES.first().client().volumes().stream()
                  .anyMatch(made -> made.name().toString().equals(volume) && made.mounted()));
      assertFalse(wishes.status(NODES.first()).path("isAsWished").booleanValue());
    } finally {
      engines.socket(NODES.first()).back();
    }
    wishes.await(wish);
    var _ = Counting.beyond(NODES.first(), volume, 0);
  }

  @Test
  @DisplayName("C10 a volume whose resizing hangs holds up no other")
  void aHungVolumeHoldsUpNoOther() throws Exception {
    TestNode node = NODES.first();
    wishes.bring(List.of(counter("hung", "default.hung")), List.of());
    node.faults(
        "case $1,$* in set,*hung*) while [ -e %s ]; do sleep 0.1; done;; esac"
            .formatted(node.file("faults")));
    Map<String, Object> smaller =
        Wishes.application(
            "hung",
            Counting.PROGRAM,
            Map.of(
                "volumes",
                List.of(
                    Map.of(
                        "name",
                        "default.hung",
                        "mountpoint",
                        "/data",
                        "maximumSizeBytes",
                        64 << 20))));
    Wishes.Wish wish = wishes.next(List.of(smaller, counter("counter", "default.free")), List.of());
    try {
      wishes.tell(wish);
      var _ = Counting.beyond(node, "default.free", 0);
      assertFalse(wishes.status(node).path("isAsWished").booleanValue());
    } finally {
      node.heal();
    }
    wishes.await(wish);
    var _ = Counting.beyond(node, "default.hung", 0);
  }

  @Test
  @DisplayName("C11 after a reboot applications come back, each with its volume")
  void applicationsComeBackAfterAReboot() throws Exception {
    String volume = "default.rebooted";
    TestNode node = NODES.first();
    wishes.bring(List.of(counter("counter", volume), echo("echo", PORT)), List.of());
    long before = Counting.beyond(node, volume, 0);

    node.daemon().kill();
    engines.of(node).crash();
    String _ = TestEngine.run("zpool", "export", "-f", node.pool().name());
    Path bare = node.pool().mounts().resolve(volume);
    assertFalse(Files.exists(bare.resolve("count")));
    String _ =
        TestEngine.run(
            "zpool", "import", "-d", node.pool().folder().toString(), node.pool().name());
    node.start();

    var _ = Counting.beyond(node, volume, before);
    assertAnswersEverywhere();
    assertFalse(isBelowMount(node, volume), "it ran on the empty folder");
  }

  @Test
  @DisplayName("what an engine has stopped while no daemon ran runs again, whatever its policy")
  void applicationsComeBackAfterTheirEngineWasStopped() throws Exception {
    TestNode node = NODES.first();
    wishes.bring(List.of(echo("echo", PORT)), List.of());
    assertAnswersEverywhere();
    String before = containers(node);

    node.stop();
    engines.of(node).restart();
    assertEquals(
        "0",
        engines.of(node).docker("inspect", "--format", "{{.State.ExitCode}}", before),
        "as one that is done");
    assertEquals("", engines.of(node).docker("ps", "--quiet"));
    node.start();

    Await.until("its port", () -> answers(place(node).host()));
    assertAnswersEverywhere();
  }

  /** Whether the folder that a volume is mounted at has a count of its own. */
  private static boolean isBelowMount(TestNode node, String volume) throws Exception {
    Path bare = Files.createDirectory(node.file("bare"));
    String _ = TestEngine.run("mount", "--bind", node.pool().mounts().toString(), bare.toString());
    try {
      return Files.exists(bare.resolve(volume).resolve("count"));
    } finally {
      String _ = TestEngine.run("umount", bare.toString());
      Files.delete(bare);
    }
  }

  @Test
  @DisplayName("flocker doctor finds what Docker's firewall does to routes, and knows the remedy")
  void theDoctorKnowsTheRemedy() throws Exception {
    TestNode node = NODES.second();
    String _ = run(node, "iptables", "-P", "FORWARD", "DROP");
    try {
      List<String> found = warnings(node);
      assertEquals(1, found.size(), found::toString);
      String remedy = found.getFirst();
      String rule = remedy.substring(remedy.indexOf("iptables -I DOCKER-USER"));
      String _ = run(node, rule.split(" "));
      assertEquals(List.of(), warnings(node));
    } finally {
      String _ = run(node, "iptables", "-P", "FORWARD", "ACCEPT");
      String _ = run(node, "iptables", "-F", "DOCKER-USER");
    }
  }

  /** What {@code flocker doctor} says on a node that is not all right. */
  private static List<String> warnings(TestNode node) throws Exception {
    String said =
        run(
            node,
            TestJvm.program(),
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            TestJvm.classPath(),
            Flocker.class.getName(),
            "doctor",
            "--json",
            "--config",
            node.configuration().toString());
    List<String> warnings = new ArrayList<>();
    for (JsonNode finding : Json.read(said.getBytes(UTF_8)).path("findings")) {
      // Nobody's certificate is where this command looks for one: the daemon is not asked of
      // copies.
      boolean isOfCopies = finding.path("check").stringValue().equals("copies");
      if (!isOfCopies && !finding.path("verdict").stringValue().equals("ok")) {
        warnings.add(finding.path("text").stringValue());
      }
    }
    return warnings;
  }

  /** Ids of all that there are, whether they run or not. */
  private static String containers(TestNode node) throws Exception {
    return engines.of(node).docker("ps", "--all", "--no-trunc", "--quiet");
  }

  private static Map<String, Object> counter(String name, String volume) {
    return Wishes.application(name, Counting.PROGRAM, volume);
  }

  private static Map<String, Object> echo(String name, int external) {
    return Wishes.application(
        name, ECHOING, Map.of("ports", List.of(Map.of("internal", 7, "external", external))));
  }

  /** Addresses of both nodes. */
  private static List<String> hosts() {
    return NODES.both().stream()
        .map(DeployedNodesIT::place)
        .flatMap(place -> List.of(place.host(), place.host6()).stream())
        .toList();
  }

  /** A container's program listens some time after it has started. */
  private static void assertAnswersEverywhere() throws Exception {
    for (String host : hosts()) {
      Await.until(host + " answers", () -> answers(host));
    }
  }

  private static boolean answers(String host) throws Exception {
    try (Connection connection = Connection.open(host)) {
      connection.say("hello");
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** A connection of the client to the port of the echo. */
  private record Connection(Socket socket) implements AutoCloseable {
    static Connection open(String host) throws Exception {
      return client.call(() -> {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(host, PORT), CONNECT_MILLIS);
        socket.setSoTimeout(CONNECT_MILLIS * 10);
        return new Connection(socket);
      });
    }

    /** Says something and hears it again. */
    void say(String text) throws Exception {
      byte[] bytes = text.getBytes(UTF_8);
      socket.getOutputStream().write(bytes);
      byte[] heard = socket.getInputStream().readNBytes(bytes.length);
      if (heard.length < bytes.length) {
        throw new IOException("the connection has ended");
      }
      assertEquals(text, new String(heard, UTF_8));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
