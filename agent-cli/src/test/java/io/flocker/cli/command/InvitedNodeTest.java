package io.flocker.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.ca.CaCommand;
import io.flocker.cli.console.NoTerminal;
import io.flocker.cli.console.Terminal;
import io.flocker.cli.join.Invitation;
import io.flocker.cli.join.Invitee;
import io.flocker.cli.join.JoinConnection;
import io.flocker.cli.join.JoinMessages.Membership;
import io.flocker.cli.join.JoinToken;
import io.flocker.cli.setup.CaProgram;
import io.flocker.cli.setup.NodeService;
import io.flocker.cli.setup.SetupException;
import io.flocker.core.config.ConfigurationException;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.os.TestJvm;
import io.flocker.core.peer.PeerName;
import io.flocker.core.pki.CertificateAuthority;
import io.flocker.core.pki.OwnKey;
import io.flocker.http.client.FakeDaemon;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who invites, with {@code flocker-ca} as a process of its own, and who joins. */
@Timeout(300)
class InvitedNodeTest {
  private static final PeerName NAME = PeerName.parse("node-3");

  @TempDir private Path folder;
  private Path place;
  private CaProgram authority;
  private FakeCluster cluster;
  private FakeDaemon started;
  private Terminal terminal = new NoTerminal();
  private List<FakeDaemon> refusing = List.of();
  private final PipedWriter printed = new PipedWriter();
  private final StringWriter told = new StringWriter();

  @BeforeEach
  void start() throws Exception {
    place = Files.createDirectory(folder.resolve("etc"));
    Files.writeString(
        place.resolve("flockerd.yml"),
        "version: 1\nzfs: {zfs: %s}\n".formatted(program("zfs", "echo -")));
    cluster = new FakeCluster(Files.createDirectory(folder.resolve("ca")));
    started = cluster.another();
    for (NodeId peer : List.of(FakeCluster.FIRST, FakeCluster.SECOND)) {
      started.answer("PUT /v1/peers/" + peer, 201, peer(peer, "some-node"));
    }
    authority =
        new CaProgram(
            program(
                "flocker-ca",
                "exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\""
                    .formatted(TestJvm.program(), TestJvm.classPath(), CaCommand.class.getName())));
  }

  @AfterEach
  void stop() {
    started.close();
    cluster.close();
  }

  @Test
  void isKnownToAllNodesAndKnowsThem() throws Exception {
    assertEquals(ExitCode.DONE, inviteAndJoin(List.of(cluster.first, cluster.second)), told());

    String added =
        "PUT /v1/peers/%s {\"name\":\"node-3\",\"addresses\":[\"10.0.0.3:%d\"],\"takeover\":\"never\"}"
            .formatted(id(), started.url().getPort());
    assertEquals(added, cluster.first.requests().getLast());
    assertEquals(added, cluster.second.requests().getLast());
    List<String> asked = started.requests();
    assertTrue(asked.get(1).startsWith("PUT /v1/peers/" + FakeCluster.FIRST), asked.toString());
    assertTrue(asked.get(2).startsWith("PUT /v1/peers/" + FakeCluster.SECOND), asked.toString());
    try (Stream<Path> files = Files.list(place)) {
      assertEquals(7, files.count());
    }
  }

  @Test
  void aPeerThatIsDownIsNamedWithWhatToDoThere() throws Exception {
    cluster.second.close();

    assertEquals(ExitCode.UNREACHABLE, inviteAndJoin(List.of(cluster.first)), told());

    String command = "flocker peer add node-3 10.0.0.3:" + started.url().getPort();
    assertTrue(told().contains(command), told());
  }

  @Test
  void aPeerThatRefusesIsNamedWithWhyAndSoIsThisNode() throws Exception {
    refusing = List.of(cluster.first, cluster.second);

    assertEquals(ExitCode.UNREACHABLE, inviteAndJoin(List.of()), told());

    assertTrue(told().contains("node node-3 (" + id() + ") has joined"), told());
    assertEquals(2, told().lines().filter(line -> line.endsWith("said: a detail")).count(), told());
    String command = "flocker peer add node-3 10.0.0.3:" + started.url().getPort();
    assertEquals(2, told().lines().filter(line -> line.contains(command)).count(), told());
  }

  @Test
  void whoCameMeanwhileIsToldOfItAndNamedToIt() throws Exception {
    NodeId late = NodeId.parse("cccccccc-bbbb-4ccc-8ddd-eeeeeeeeeeee");
    cluster.first.answer(
        "GET /v1/peers",
        200,
        "{\"peers\":[%s]}".formatted(peer(late, "late").replace("b:1", "127.0.0.1:1")));

    assertEquals(ExitCode.UNREACHABLE, inviteAndJoin(List.of(cluster.first)), told());

    assertTrue(told().contains("'flocker peer add late 127.0.0.1:1'"), told());
    assertTrue(told().contains("peer late (" + late + ") could not be told of it"), told());
  }

  @Test
  void withoutAnAuthorityThatCertifiesWhoTellsThemAllPeersAreNamed() throws Exception {
    authority =
        new CaProgram(
            program(
                "failing-ca",
                "[ $1 = invite ] || exit 1; exec '%s' \"$@\"".formatted(authority.program())));

    assertEquals(ExitCode.UNREACHABLE, inviteAndJoin(List.of(cluster.first)), told());

    assertTrue(told().contains("peer " + FakeCluster.SECOND + " could not be told"), told());
  }

  @Test
  void whereTheAuthorityIsNotNobodyIsInvited() throws Exception {
    Files.delete(folder.resolve("ca").resolve("cluster.key"));

    ExecutionException refused = assertThrows(ExecutionException.class, () -> invite().get());

    assertTrue(String.valueOf(refused.getMessage()).contains("say --authority"));
    assertEquals(List.of(), cluster.first.requests());
  }

  @Test
  void whoInvitesForANodeElsewhereSaysWhereThisMachineIs() {
    ExecutionException refused =
        assertThrows(ExecutionException.class, () -> invite("0.0.0.0:0").get());

    assertTrue(String.valueOf(refused.getMessage()).contains("--listen HOST:PORT"));
  }

  @Test
  void whoInvitesForTheNodeOfThisMachineIsReachedWhereThatIs() throws Exception {
    Path identity = folder.resolve("ca").resolve("volume.json");
    Files.writeString(identity, NodeIdentity.text(FakeCluster.FIRST));
    Files.writeString(
        identity.resolveSibling("flockerd.yml"), "version: 1\nidentity: %s\n".formatted(identity));
    CompletableFuture<Integer> invited = invite("0.0.0.0:0");

    try (JoinConnection machine = JoinConnection.open(token())) {
      assertEquals(
          FakeCluster.FIRST,
          machine.ask(OwnKey.generate(), OwnKey.generate()).peers().getFirst().node());
      machine.tellFailed("enough", false);
    }

    assertEquals(ExitCode.FAILED, invited.get(), told());
  }

  @Test
  void anInvitationIsNotSpentByAMachineThatIsNotReady() throws Exception {
    CompletableFuture<Integer> invited = invite();
    JoinToken token = token();
    NodeJoin join = new NodeJoin(session(started), () -> true);

    for (String zfs : List.of("exit 1", "echo " + FakeCluster.SECOND)) {
      Path _ = program("zfs", zfs);
      SetupException refused = assertThrows(SetupException.class, () -> join.join(token));
      assertTrue(String.valueOf(refused.getMessage()).startsWith("the pool flocker "));
    }
    Files.writeString(place.resolve("flockerd.yml"), "version: 2\n");
    assertThrows(ConfigurationException.class, () -> join.join(token));

    assertFalse(invited.isDone());
    try (JoinConnection another = JoinConnection.open(token)) {
      Membership _ = another.ask(OwnKey.generate(), OwnKey.generate());
      another.tellFailed("no disk", false);
    }
    assertEquals(ExitCode.FAILED, invited.get(), told());
  }

  @Test
  void anotherDaemonThatAnswersIsNotTakenForThisNode() throws Exception {
    CompletableFuture<Integer> invited = invite();
    started.answer("GET /v1/node", 200, FakeCluster.document(started, FakeCluster.SECOND));
    JoinToken token = token();

    assertThrows(
        SetupException.class, () -> new NodeJoin(session(started), () -> true).join(token));

    assertEquals(ExitCode.FAILED, invited.get(), told());
    assertEquals(List.of(), puts(started));
  }

  @Test
  void whoeverInvitedHasGoneBeforeItBeganIsSaidWithWhatToDo() throws Exception {
    Invitee invitee =
        new Invitee(
            CertificateAuthority.load(folder.resolve("ca")),
            folder.resolve("ca"),
            NodeId.random(),
            List.of("10.0.0.3"),
            List.of());
    int status;
    try (Invitation gone =
        Invitation.open(invitee, Address.parseListener("127.0.0.1:0"), "127.0.0.1")) {
      status = new NodeJoin(session(started), () -> begins(gone)).join(gone.token());
    }

    assertEquals(ExitCode.UNREACHABLE, status, told());
    String command = "flocker peer add " + id() + " " + started.url().getAuthority();
    assertTrue(told().contains(command), told());
  }

  @Test
  void whoInvitesLearnsThatItDoesNotStart() throws Exception {
    CompletableFuture<Integer> invited = invite();
    NodeJoin join =
        new NodeJoin(
            session(started),
            () -> {
              throw new SetupException("no pool");
            });
    JoinToken token = token();

    assertThrows(SetupException.class, () -> join.join(token));

    assertEquals(ExitCode.FAILED, invited.get(), told());
    assertEquals(List.of(), puts(cluster.first));
    String peer = cluster.second.url().getAuthority();
    assertTrue(told().contains("flocker peer add " + FakeCluster.SECOND + " " + peer), told());
  }

  @Test
  void endsOnceWhoeverWasToReadItHasGone() throws Exception {
    CompletableFuture<Runnable> gone = new CompletableFuture<>();
    terminal =
        new NoTerminal() {
          @Override
          public void onUnread(Runnable then) {
            boolean _ = gone.complete(then);
          }
        };
    CompletableFuture<Integer> invited = invite();
    JoinToken _ = token();

    gone.get().run();

    assertEquals(ExitCode.FAILED, invited.get(), told());
  }

  @Test
  void oneThatIsANodeAlreadyAsksNobody() throws Exception {
    Files.writeString(place.resolve("node.key"), "of before");
    // A secret and a fingerprint of zeros, and where nobody listens.
    String token =
        Base64.getUrlEncoder().encodeToString(("\0".repeat(52) + "127.0.0.1:1").getBytes(UTF_8));
    NodeJoin join = new NodeJoin(session(started), () -> true);

    SetupException refused =
        assertThrows(SetupException.class, () -> join.join(JoinToken.parse("flocker1-" + token)));

    assertTrue(String.valueOf(refused.getMessage()).contains("node.key"));
    assertEquals("of before", Files.readString(place.resolve("node.key")));
    assertEquals(List.of(), started.requests());
  }

  private int inviteAndJoin(List<FakeDaemon> up) throws Exception {
    CompletableFuture<Integer> invited = invite();
    NodeService service =
        () -> {
          String added = peer(id(), NAME.text());
          up.forEach(node -> node.answer("PUT /v1/peers/" + id(), 201, added));
          refusing.forEach(node ->
              node.answer("PUT /v1/peers/" + id(), 403, FakeCluster.problem(403, "forbidden")));
          return begins();
        };
    assertEquals(ExitCode.DONE, new NodeJoin(session(started), service).join(token()), told());
    return invited.get();
  }

  private Path program(String name, String text) throws IOException {
    Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  /** The daemon of the new node answers from now on. */
  private boolean begins() {
    FakeDaemon _ = started.answer("GET /v1/node", 200, FakeCluster.document(started, id()));
    return true;
  }

  /** The same, and whoever has invited it is gone meanwhile. */
  private boolean begins(Invitation gone) {
    try {
      gone.close();
      return begins();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private CompletableFuture<Integer> invite() {
    return invite("127.0.0.1:0");
  }

  private CompletableFuture<Integer> invite(String listen) {
    Session session =
        new Session(
            new CommandEnvironment(
                cluster.environment().variables(),
                folder.resolve("ca"),
                new PrintWriter(printed),
                new PrintWriter(told),
                terminal));
    NodeInvite.Order order =
        new NodeInvite.Order(
            NAME,
            List.of("10.0.0.3"),
            Duration.ofMinutes(4),
            Address.parseListener(listen),
            folder.resolve("ca"));
    CompletableFuture<Integer> end = new CompletableFuture<>();
    Thread _ =
        Thread.ofPlatform()
            .start(() -> {
              try {
                boolean _ = end.complete(new NodeInvite(session, authority).invite(order));
              } catch (Exception e) {
                end.completeExceptionally(e);
              }
            });
    return end;
  }

  private JoinToken token() throws IOException {
    return JoinToken.parse(new BufferedReader(new PipedReader(printed)).readLine());
  }

  private Session session(FakeDaemon node) {
    return new Session(
        new CommandEnvironment(
            Map.of("FLOCKER_URL", node.url().toString()),
            place,
            new PrintWriter(new StringWriter()),
            new PrintWriter(told),
            cluster.environment().terminal()));
  }

  private NodeId id() {
    try {
      return NodeIdentity.existing(place.resolve("volume.json")).node();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> puts(FakeDaemon node) {
    return node.requests().stream().filter(asked -> asked.startsWith("PUT")).toList();
  }

  private static String peer(NodeId id, String name) {
    return "{\"node\":\"%s\",\"name\":\"%s\",\"addresses\":[\"b:1\"],\"takeover\":\"never\"}"
        .formatted(id, name);
  }

  private String told() {
    return told.toString();
  }
}
