package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.command.CommandEnvironment;
import io.flocker.cli.command.CommandTree;
import io.flocker.cli.console.NoTerminal;
import io.flocker.core.operation.OperationView;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The commands against real nodes, and how the daemon begins and ends. */
@Timeout(300)
class CommandsIT {
  @RegisterExtension
  static final TwoNodes NODES = new TwoNodes(NodeSetup.usual().withFaultyZfs(), NodeSetup.usual());

  @AfterEach
  void heal() throws Exception {
    NODES.first().heal();
  }

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void createsListsPushesAndDestroys() throws Exception {
    assertEquals(0, flocker("volume", "create", "commands.web"), err::toString);
    VolumeDocument volume = NODES.first().client().volume(VolumeName.parse("commands.web"));
    Content.write(TestNode.folder(volume).resolve("file"), 1 << 20, 1);
    assertEquals(0, flocker("volume", "list"), err::toString);
    assertTrue(
        out.toString().lines().anyMatch(line -> line.matches("commands\\.web +owner .*")),
        out::toString);

    assertEquals(0, flocker("peer", "add", "second", NODES.second().address()), err::toString);
    assertEquals("added peer second (" + peer() + ")", lastLine());
    assertEquals(0, flocker("volume", "push", "commands.web", "second"), err::toString);
    assertTrue(lastLine().matches("push succeeded: 1\\.[0-9] MiB in .*"), lastLine());
    assertTrue(out.toString().lines().count() > 1, "a line of progress before the last");
    assertFalse(out.toString().contains("\r"), "no bar where nobody watches");

    assertEquals(0, flocker("volume", "snapshots", "commands.web"), err::toString);
    assertTrue(lastLine().contains(TestNode.latest(current(volume)).name()), lastLine());
    assertEquals(0, flocker("volume", "destroy", volume.id().toString(), "--yes"), err::toString);
    assertEquals(1, flocker("volume", "destroy", "commands.web", "--yes"));
    assertTrue(err.toString().contains("commands.web"), err::toString);
  }

  @Test
  void changesClonesAndTakesBack() throws Exception {
    VolumeDocument volume = NODES.first().create("commands.kept");
    Path file = TestNode.folder(volume).resolve("file");
    Files.writeString(file, "good");

    succeed("volume", "set", "commands.kept", "--quota=64MiB", "--metadata=team=storage");
    succeed("volume", "snapshot", "commands.kept", "--name=good");
    Files.writeString(file, "bad");
    succeed("volume", "snapshot", "commands.kept", "--name=bad");
    succeed("volume", "clone", "commands.kept", "commands.copy", "--snapshot=bad");
    Path copy = TestNode.folder(NODES.first().client().volume(VolumeName.parse("commands.copy")));
    assertEquals("bad", Files.readString(copy.resolve("file")));
    assertEquals(1, flocker("volume", "destroy-snapshot", "commands.kept", "bad", "--yes"));
    assertTrue(err.toString().contains("clones"), err::toString);
    succeed("volume", "destroy", "commands.copy", "--yes");
    assertEquals(1, flocker("volume", "rollback", "commands.kept", "good", "--yes"));
    succeed("volume", "rollback", "commands.kept", "good", "--yes", "--destroy-newer");
    assertEquals("good", Files.readString(file));
    succeed("volume", "destroy-snapshot", "commands.kept", "good", "--yes");
    out.getBuffer().setLength(0);
    succeed("volume", "show", "commands.kept");

    List<String> shown = out.toString().lines().toList();
    assertTrue(shown.contains("quota      64.0 MiB"), out::toString);
    assertTrue(shown.contains("snapshots  0"), out::toString);
    assertTrue(shown.contains("metadata   team=storage"), out::toString);
  }

  @Test
  @DisplayName("What somebody needs to help with a node is one archive, and no key is in it")
  void putsTogetherWhatHelps() throws Exception {
    VolumeDocument volume = NODES.first().create("commands.ailing");
    Path archive = NODES.first().configuration().resolveSibling("support.tar.gz");

    succeed("support-bundle", "--config=" + NODES.first().configuration(), "--output=" + archive);

    Process tar =
        new ProcessBuilder("tar", "-xzOf", archive.toString()).redirectErrorStream(true).start();
    String whole = new String(tar.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, tar.waitFor(), whole);
    assertEquals(
        "", out.toString().lines().filter(line -> line.startsWith("missing")).findAny().orElse(""));
    for (String part :
        List.of(
            volume.id().toString(), // what the daemon answers
            "flocker:daemon:ready", // its log
            "certificates ok: ", // the doctor
            "pool: " + NODES.first().pool().name(), // the settings, and zpool status
            "flocker:owner",
            "flocker_http_request_duration_seconds_count")) {
      assertTrue(whole.contains(part), () -> part + " is not in " + whole);
    }
    assertFalse(whole.contains("PRIVATE KEY"));
  }

  @Test
  @DisplayName("What the daemon does is recorded on demand, without its environment or arguments")
  void recordsWhatTheDaemonDoes() throws Exception {
    Path archive = NODES.first().configuration().resolveSibling("recorded.tar.gz");
    Path recording = archive.resolveSibling("flight-recording.jfr");

    succeed(
        "support-bundle",
        "--config=" + NODES.first().configuration(),
        "--output=" + archive,
        "--record=1");

    Process tar =
        new ProcessBuilder("tar", "-xzOf", archive.toString(), "--wildcards", "*/*.jfr")
            .redirectOutput(recording.toFile())
            .start();
    assertEquals(0, tar.waitFor());
    Set<String> kinds =
        RecordingFile.readAllEvents(recording).stream()
            .map(event -> event.getEventType().getName())
            .collect(Collectors.toSet());
    assertTrue(kinds.contains("jdk.ThreadDump"), kinds::toString);
    assertEquals(
        List.of(),
        kinds.stream()
            .filter(kind -> kind.matches(".*(Environment|Property|Process|JVMInformation).*"))
            .toList());
    try (Stream<Path> left = Files.list(Path.of(""))) {
      assertEquals(List.of(), left.filter(file -> file.toString().endsWith(".jfr")).toList());
    }
  }

  @Test
  void namesWhoUsesWhatIsToBeDestroyed() throws Exception {
    VolumeDocument volume = NODES.first().create("commands.used");
    Process user =
        new ProcessBuilder("sleep", "600").directory(TestNode.folder(volume).toFile()).start();
    try {
      assertEquals(1, flocker("volume", "destroy", "commands.used", "--yes"));
      assertTrue(err.toString().contains("pid: " + user.pid()), err::toString);
    } finally {
      user.destroyForcibly();
      user.waitFor();
    }

    assertEquals(0, flocker("volume", "destroy", "commands.used", "--yes"), err::toString);
    assertFalse(Zfs.exists(NODES.first().pool(), volume.dataset()));
  }

  @Test
  void tellsWhatHappensAsItHappens() throws Exception {
    VolumeDocument volume = NODES.first().create("commands.heard");
    CompletableFuture<Integer> listening =
        CompletableFuture.supplyAsync(() ->
            flocker("events", "--type=snapshot", "--volume=commands.heard", "--count=2", "--json"));
    Await.until("somebody who listens", () -> metrics().contains("flocker_event_listeners 1.0"));

    List<String> taken = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      taken.add(NODES.first().client().takeSnapshot(volume.id()).name());
    }

    assertEquals(0, listening.get(), err::toString);
    List<JsonNode> told =
        out.toString().lines().map(line -> Json.read(line.getBytes(UTF_8))).toList();
    assertEquals(taken, told.stream().map(event -> event.at("/snapshot/name").asString()).toList());
    assertTrue(
        metrics()
            .contains(
                "flocker_http_request_duration_seconds_count"
                    + "{method=\"GET\",route=\"/v1/events\",status=\"200\"} 1"),
        "listening is a request too");
  }

  @Test
  void exitsWith3WhereNobodyAnswers() throws Exception {
    TestNode nobody = NODES.newcomer(NODES.first().pool());

    assertEquals(3, ask(nobody, "volume", "list"));
    assertTrue(err.toString().contains(nobody.url().toString()), err::toString);
  }

  @Test
  @DisplayName("129 the daemon serves until it is told to end, and ends once all is stopped")
  void listensWhenItSaysThatItIsReadyAndEndsOnTerm() throws Exception {
    NODES.second().stop();
    assertThrows(IOException.class, () -> connect(NODES.second()));

    NODES.second().start();

    connect(NODES.second());
  }

  @Test
  @DisplayName("5 130 whichever signal ends it is in the log, and a start guards the pool anew")
  void tellsWhichSignalEndsItAndGuardsItsPoolAnew() throws Exception {
    TestNode node = NODES.second();
    assertEquals(0, node.daemon().interrupt());
    assertTrue(stops(node).getLast().contains("\"signal\":\"SIGINT\""), stops(node)::toString);
    String _ = Zfs.run("set", "readonly=off", node.pool().name());

    node.start();

    assertEquals("on", Zfs.property(node.pool().name(), "readonly"));
    node.stop();
    assertTrue(stops(node).getLast().contains("\"signal\":\"SIGTERM\""), stops(node)::toString);
    node.start();
  }

  /** What its log says as it begins to stop, each time. */
  private static List<String> stops(TestNode node) throws IOException {
    return Files.readAllLines(node.log()).stream()
        .filter(line -> line.contains("flocker:daemon:stop") && line.contains("started"))
        .toList();
  }

  @Test
  void endsOnTermInTheMidstOfAPushAndGoesOnWithItAfterwards() throws Exception {
    VolumeDocument volume = NODES.first().create("commands.midst");
    Gate gate = Gate.at(NODES.first());
    NODES.first().faults("case \"$1 $2\" in 'send -n'*) ;; send*) " + gate.shell() + ";; esac");
    OperationView push = NODES.first().client().push(volume.id(), NODES.second().id());
    long child = gate.awaitReached();

    NODES.first().stop();

    assertFalse(ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false));
    NODES.first().heal();
    NODES.first().start();
    assertTrue(current(volume).mounted());
    OperationView _ = NODES.first().succeed(push);
    assertEquals(
        TestNode.latest(current(volume)).guid(),
        TestNode.latest(NODES.second().volume(volume.id())).guid());
  }

  @Test
  void refusesThePoolOfAnotherNode() throws Exception {
    TestNode thief = NODES.newcomer(NODES.first().pool());

    assertRefused(thief, NODES.first().pool().name(), NODES.first().id().toString());
  }

  @Test
  void refusesTheCertificateOfAnotherNode() throws Exception {
    TestNode impostor = NODES.newcomer(NODES.pool(64L << 20));
    CredentialFiles own = CredentialFiles.in(impostor.file("certificates"), "node");
    CredentialFiles other = NODES.cluster().files(NODES.first().id().toString());
    Files.delete(own.certificate());
    Files.delete(own.key());
    Files.copy(other.certificate(), own.certificate());
    Files.copy(other.key(), own.key());

    assertRefused(
        impostor,
        own.certificate().toString(),
        NODES.first().id().toString(),
        impostor.id().toString());
  }

  @Test
  void exitsWith78AndListsAllThatIsWrongWithItsConfiguration() throws Exception {
    TestNode node = NODES.newcomer(NODES.pool(64L << 20));
    Files.writeString(
        node.configuration(),
        """
        version: 1
        listen: nowhere
        pol: tank
        transfer: { heartbeat: soon, silence: 15s }
        """);

    node.begin();

    assertEquals(78, node.daemon().awaitEnd());
    for (String name : List.of("listen", "pol", "transfer.heartbeat")) {
      assertTrue(node.daemon().printed().contains(name), node.daemon().printed());
    }
  }

  /** Starting {@code node} ends with 1, never says that it is ready, and says why it is not. */
  private static void assertRefused(TestNode node, String... words) throws Exception {
    IOException refusal = assertThrows(IOException.class, node::start);
    assertEquals(1, node.daemon().awaitEnd());
    for (String word : words) {
      assertTrue(String.valueOf(refusal.getMessage()).contains(word), refusal::getMessage);
    }
  }

  private static void connect(TestNode node) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      assertTrue(socket.isConnected());
    }
  }

  private static VolumeDocument current(VolumeDocument volume) throws Exception {
    return NODES.first().volume(volume.id());
  }

  private static String metrics() throws Exception {
    return new CertifiedCaller(NODES.user()).text(NODES.first(), "/metrics");
  }

  private static String peer() {
    return NODES.second().id().toString();
  }

  private void succeed(String... words) {
    assertEquals(0, flocker(words), err::toString);
  }

  private int flocker(String... words) {
    return ask(NODES.first(), words);
  }

  private int ask(TestNode node, String... words) {
    CredentialFiles user = NODES.cluster().files("tester");
    Stream<String> options =
        Stream.of(
            "--url", node.url().toString(),
            "--ca", NODES.cluster().authorityFile().toString(),
            "--cert", user.certificate().toString(),
            "--key", user.key().toString());
    return CommandTree.of(
            new CommandEnvironment(
                Map.of(),
                Path.of("/nowhere"),
                new PrintWriter(out),
                new PrintWriter(err),
                new NoTerminal()))
        .execute(Stream.concat(Stream.of(words), options).toArray(String[]::new));
  }

  private String lastLine() {
    return out.toString().lines().toList().getLast();
  }
}
