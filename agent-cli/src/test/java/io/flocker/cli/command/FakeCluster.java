package io.flocker.cli.command;

import io.flocker.cli.console.Terminal;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.TestCluster;
import io.flocker.http.client.FakeDaemon;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Two nodes that know each other and answer what a test says, and somebody who asks them. */
final class FakeCluster implements AutoCloseable {
  static final NodeId FIRST = NodeId.parse("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
  static final NodeId SECOND = NodeId.parse("bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee");

  static final String STATUS = "GET /v1/configuration/status";
  static final String DRY_RUN = "PUT /v1/configuration?dry-run=true";
  static final String PUT = "PUT /v1/configuration";

  final FakeDaemon first;
  final FakeDaemon second;
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();

  /** What a person types, if one watches. */
  final Deque<String> typed = new ArrayDeque<>();

  boolean interactive;

  private final Path folder;
  private final TestCluster cluster;

  FakeCluster(Path folder) throws Exception {
    this.folder = folder;
    cluster = TestCluster.create(folder);
    cluster.user("alice");
    CredentialFiles user = cluster.files("alice");
    Files.copy(user.certificate(), folder.resolve("user.crt"));
    Files.copy(user.key(), folder.resolve("user.key"));
    first = new FakeDaemon(cluster.node(FIRST));
    second = new FakeDaemon(cluster.node(SECOND));
    for (FakeDaemon node : List.of(first, second)) {
      FakeDaemon other = node == first ? second : first;
      node.answer("GET /v1/node", 200, document(node, id(node)))
          .answer(
              "GET /v1/peers",
              200,
              "{\"peers\":[{\"node\":\"%s\",\"addresses\":[\"%s\"],\"takeover\":\"never\"}]}"
                  .formatted(id(other), other.url().getAuthority()));
    }
  }

  /** One more daemon of the cluster, which does not say yet which node it is. */
  FakeDaemon another() throws Exception {
    return new FakeDaemon(cluster.node(NodeId.random()));
  }

  /** The node that was told the wish of a generation, {@code 0} for none. */
  static String told(long generation, String nodes) {
    return """
    {"generation":%d,"applications":[{"name":"web","image":"flask"}],"nodes":[%s]}\
    """
        .formatted(generation, nodes);
  }

  /** A plan that begins with one step, or with an obstacle. */
  static String plan(long generation, String step, String obstacle) {
    String phases =
        step.isEmpty()
            ? ""
            : """
            {"phase":"start","steps":[{"number":1,"text":"%s","waitsFor":[],
             "change":{"kind":"start-application"}}]}\
            """
                .formatted(step);
    String obstacles =
        obstacle.isEmpty()
            ? ""
            : "{\"kind\":\"stays\",\"subject\":\"application web\",\"text\":\"" + obstacle + "\"}";
    return """
    {"generation":%d,"applications":[],"nodes":[],
     "plan":{"generation":%d,"isEmpty":%s,"phases":[%s],"obstacles":[%s]}}\
    """
        .formatted(generation, generation, step.isEmpty(), phases, obstacles);
  }

  /** How far a node is; of one object, or none. */
  static String status(long generation, boolean isAsWished, String object) {
    return "{\"generation\":%d,\"isAsWished\":%s,\"objects\":[%s]}"
        .formatted(generation, isAsWished, object);
  }

  static String object(String state, String text, int tries) {
    return """
    {"kind":"application","name":"web","state":"%s","text":"%s",
     "since":"2026-01-01T00:00:00Z","tries":%d%s}\
    """
        .formatted(
            state,
            text,
            tries,
            tries > 0 ? ",\"lastError\":{\"type\":\"x\",\"detail\":\"no such image\"}" : "");
  }

  static String problem(int status, String type) {
    return """
    {"type":"https://flocker.io/problems/%s","title":"No","status":%d,"detail":"a detail",
     "retry":"never","remedy":"a remedy"}\
    """
        .formatted(type, status);
  }

  String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  CommandEnvironment environment() {
    return new CommandEnvironment(
        Map.of("FLOCKER_URL", first.url().toString(), "TAG", "7"),
        folder,
        new PrintWriter(out),
        new PrintWriter(err),
        new Terminal() {
          @Override
          public boolean interactive() {
            return interactive;
          }

          @Override
          public int columns() {
            return 100;
          }

          @Override
          public Optional<String> readLine() {
            return Optional.ofNullable(typed.poll());
          }

          @Override
          public void onUnread(Runnable gone) {
            // Somebody reads to the end.
          }
        });
  }

  List<String> said() {
    return out.toString().lines().toList();
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }

  private NodeId id(FakeDaemon node) {
    return node == first ? FIRST : SECOND;
  }

  /** What a daemon says that is a node. */
  static String document(FakeDaemon node, NodeId id) {
    return """
    {"node":"%s","bootId":"11111111-2222-4333-8444-555555555555","url":"%s",
     "pool":{"name":"tank","health":"ONLINE"},"stuck":[],"warnings":[]}\
    """
        .formatted(id, node.url());
  }
}
