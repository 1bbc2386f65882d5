package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.cli.console.Terminal;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.TestCluster;
import io.flocker.http.client.FakeDaemon;
import io.flocker.http.client.FlockerClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterruptionTest {
  private static final String CANCEL = "DELETE /v1/operations/" + Operations.ID;
  private static final String FOLLOW = "Follow it with: flocker operation wait " + Operations.ID;

  @TempDir private Path folder;
  private final StringWriter err = new StringWriter();
  private FakeDaemon daemon;
  private FlockerClient node;

  @BeforeEach
  void connect() throws Exception {
    TestCluster cluster = TestCluster.create(folder);
    daemon = new FakeDaemon(cluster.node(NodeId.random()));
    node = new FlockerClient(daemon.url(), cluster.user("alice").sslContext());
  }

  @AfterEach
  void disconnect() {
    node.close();
    daemon.close();
  }

  @Test
  void leavesTheOperationRunningAndTellsTheWayBack() {
    interrupt(false);

    assertEquals(
        List.of("flocker: interrupted; operation " + Operations.ID + " goes on", FOLLOW),
        err.toString().lines().toList());
    assertEquals(List.of(), daemon.requests());
  }

  @Test
  void cancelsOnDemand() {
    daemon.answer(CANCEL, 202, "");

    interrupt(true);

    assertEquals(List.of(CANCEL), daemon.requests());
    assertEquals(
        List.of("flocker: interrupted; operation " + Operations.ID + " is being cancelled", FOLLOW),
        err.toString().lines().toList());
  }

  @Test
  void saysWhyItCannotCancel() {
    daemon.answer(
        CANCEL, 409, "{\"type\":\"urn:flocker:problem:past-commit\",\"detail\":\"too late\"}");

    interrupt(true);

    assertEquals(
        List.of("flocker: operation " + Operations.ID + " goes on: too late", FOLLOW),
        err.toString().lines().toList());
  }

  private void interrupt(boolean cancel) {
    CommandEnvironment environment =
        new CommandEnvironment(
            Map.of(),
            folder,
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            Terminal.ofProcess());
    Session session = new Session(environment);
    try (Interruption interruption =
        new Interruption(Operations.ID, node, new NoProgress(), session, cancel)) {
      interruption.interrupted();
    }
  }
}
