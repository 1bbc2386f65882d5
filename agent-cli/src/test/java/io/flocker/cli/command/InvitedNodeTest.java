package io.flocker.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.ca.CaCommand;
import io.flocker.cli.console.NoTerminal;
import io.flocker.cli.console.Terminal;
import io.flocker.cli.join.CaProgram;
import io.flocker.cli.join.JoinException;
import io.flocker.cli.join.JoinToken;
import io.flocker.cli.join.NodeService;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.os.TestJvm;
import io.flocker.core.peer.PeerName;
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
  private final PipedWriter printed = new PipedWriter();
  private final StringWriter told = new StringWriter();

  @BeforeEach
  void start() throws Exception {
    place = folder.resolve("etc");
    cluster = new FakeCluster(Files.createDirectory(folder.resolve("ca")));
    started = cluster.another();
    Path script =
        Files.writeString(
            folder.resolve("flocker-ca"),
            "#!/bin/sh\nexec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\"\n"
                .formatted(TestJvm.program(), TestJvm.classPath(), CaCommand.class.getName()));
    authority =
        new CaProgram(
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------")));
  }

  @AfterEach
  void stop() {
    started.close();
    cluster.close();
  }

  @Test
  void isKnownToAllNodesAndKnowsThem() throws Exception {
    for (NodeId peer : List.of(FakeCluster.FIRST, FakeCluster.SECOND)) {
      started.answer("PUT /v1/peers/" + peer, 201, peer(peer, "some-node"));
    }

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
      assertEquals(6, files.count());
    }
  }

  @Test
  void aPeerThatIsDownIsNamedWithWhatToDoThere() throws Exception {
    for (NodeId peer : List.of(FakeCluster.FIRST, FakeCluster.SECOND)) {
      started.answer("PUT /v1/peers/" + peer, 201, peer(peer, "some-node"));
    }
    cluster.second.close();

    assertEquals(ExitCode.UNREACHABLE, inviteAndJoin(List.of(cluster.first)), told());

    String command = "flocker peer add node-3 10.0.0.3:" + started.url().getPort();
    assertTrue(told().contains(command), told());
  }

  @Test
  void whoInvitesLearnsThatItDoesNotStart() throws Exception {
    CompletableFuture<Integer> invited = invite();
    NodeJoin join =
        new NodeJoin(
            session(started),
            () -> {
              throw new JoinException("no pool");
            });
    JoinToken token = token();

    assertThrows(JoinException.class, () -> join.join(token));

    assertEquals(ExitCode.FAILED, invited.get(), told());
    assertEquals(List.of(), puts(cluster.first));
    String peer = cluster.second.url().getAuthority();
    assertTrue(told().contains("flocker peer add " + FakeCluster.SECOND + " " + peer), told());
  }

  @Test
  void endsOnceWhoeverWasToReadItHasGone() throws Exception {
    CompletableFuture<Runnable> gone = new CompletableFuture<>();
    terminal =
        new Terminal() {
          @Override
          public boolean interactive() {
            return false;
          }

          @Override
          public int columns() {
            return USUAL_COLUMNS;
          }

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
    Files.createDirectory(place);
    Files.writeString(place.resolve("node.key"), "of before");
    // A secret and a fingerprint of zeros, and where nobody listens.
    String token =
        Base64.getUrlEncoder().encodeToString(("\0".repeat(52) + "127.0.0.1:1").getBytes(UTF_8));
    NodeJoin join = new NodeJoin(session(started), () -> true);

    JoinException refused =
        assertThrows(JoinException.class, () -> join.join(JoinToken.parse("flocker1-" + token)));

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
          return true;
        };
    assertEquals(ExitCode.DONE, new NodeJoin(session(started), service).join(token()), told());
    return invited.get();
  }

  private CompletableFuture<Integer> invite() throws IOException {
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
            Address.parseListener("127.0.0.1:0"),
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
