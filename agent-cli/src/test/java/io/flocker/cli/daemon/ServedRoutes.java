package io.flocker.cli.daemon;

import io.flocker.cli.it.FakePool;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.TestCluster;
import io.flocker.core.storage.TestPool;
import io.flocker.http.route.Route;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The routes of flockerd as it is put together, wherever they are declared. */
final class ServedRoutes {
  private ServedRoutes() {}

  /**
   * Puts a node together, over a pool that is not there, and takes it apart again.
   *
   * @param folder takes its files
   */
  static List<Route> in(Path folder) throws Exception {
    try (Node assembled = Node.start(configuration(folder, ""), List.of(), List.of())) {
      return assembled.served();
    }
  }

  /**
   * The settings of such a node.
   *
   * @param more lines for its {@code flockerd.yml}
   */
  static NodeConfiguration configuration(Path folder, String more) throws Exception {
    TestCluster cluster = TestCluster.create(Files.createDirectory(folder.resolve("cluster")));
    TestPool pool = FakePool.create(Files.createDirectory(folder.resolve("pool")), "bytes=0\n");
    NodeId node = NodeId.random();
    Path certificates = Files.createDirectory(folder.resolve("certificates"));
    var _ = cluster.node(node).save(certificates, "node");
    Files.copy(cluster.authorityFile(), certificates.resolve("cluster.crt"));
    Path identity = folder.resolve("volume.json");
    Files.writeString(identity, "{\"uuid\": \"%s\", \"version\": 1}\n".formatted(node));
    Path file = folder.resolve("flockerd.yml");
    Files.writeString(
        file,
        """
        version: 1
        listen: 127.0.0.1:0
        pool: %s
        mount-root: %s
        certificates: %s
        state: %s
        identity: %s
        %s
        %s
        """
            .formatted(
                pool.name(),
                pool.mounts(),
                certificates,
                folder.resolve("state"),
                identity,
                FakePool.programs(pool),
                more));
    return NodeConfiguration.read(file);
  }
}
