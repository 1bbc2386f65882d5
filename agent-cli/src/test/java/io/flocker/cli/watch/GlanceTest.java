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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlanceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  @Test
  void tellsOfTheNodeItsPeersAndAllVolumesAndEnds(@TempDir Path folder) throws Exception {
    TestCluster cluster = TestCluster.create(folder);
    FakeDaemon daemon = new FakeDaemon(cluster.node(NodeId.random()));
    new Told(NOW).peer("node-2", false).volume("default.a", 1).volume("default.b", 1).by(daemon);
    try (FlockerClient node = new FlockerClient(daemon.url(), cluster.user("alice").sslContext())) {
      List<String> lines = Glance.of(node, InstantSource.fixed(NOW));

      assertEquals(
          List.of("peers", "VOLUME", "default.a", "default.b"),
          lines.stream().skip(1).map(line -> line.split(" ", 2)[0]).toList(),
          lines::toString);
    } finally {
      daemon.close();
    }
  }
}
