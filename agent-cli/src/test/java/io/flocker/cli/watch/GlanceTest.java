package io.flocker.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.NodeId;
import io.flocker.core.pki.TestCluster;
import io.flocker.http.client.FakeDaemon;
import io.flocker.http.client.FlockerClient;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlanceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir private Path folder;

  @Test
  void tellsOfTheNodeItsPeersAndAllVolumes() throws Exception {
    assertEquals(List.of("peers", "VOLUME", "default.a", "default.b"), labels(_ -> {}));
  }

  @Test
  void whatCannotBeReadKeepsTheRestFromNobody() throws Exception {
    assertEquals(
        List.of("peers", "volumes"),
        labels(daemon -> daemon.answer("GET /v1/volumes", 200, "no list of this version")));
  }

  /** How the lines begin, but for the title and how old all of it is. */
  private List<String> labels(Consumer<FakeDaemon> wrong) throws Exception {
    TestCluster cluster = TestCluster.create(folder);
    FakeDaemon daemon = new FakeDaemon(cluster.node(NodeId.random()));
    wrong.accept(daemon);
    new Told(NOW).peer("node-2", false).volume("default.a", 1).volume("default.b", 1).by(daemon);
    try (FlockerClient node = new FlockerClient(daemon.url(), cluster.user("alice").sslContext())) {
      return Glance.of(node, InstantSource.fixed(NOW)).stream()
          .skip(1)
          .filter(line -> !line.contains(" old: "))
          .map(line -> line.split(" ", 2)[0])
          .toList();
    } finally {
      daemon.close();
    }
  }
}
