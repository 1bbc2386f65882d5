package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.pki.TestCluster;
import io.flocker.core.storage.TestPool;
import io.flocker.http.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who cannot see its pool does not know what it may write: it serves nobody, and says why. */
@Timeout(300)
class MissingZfsIT {
  @Test
  @DisplayName(
      "42 130 otherwise than in 2014 flockerd ends with 1 and says why while its zfs is missing;"
          + " its log says how it was called")
  void endsWithTheReasonUntilItIsThere(@TempDir Path folder) throws Exception {
    TestCluster cluster = TestCluster.create(Files.createDirectory(folder.resolve("cluster")));
    TestPool pool = FakePool.create(Files.createDirectory(folder.resolve("pool")), "");
    NodeSetup setup = NodeSetup.usual().with(FakePool.programs(pool));
    Path program = pool.folder().resolve("zfs");
    try (TestNode node = TestNode.create(cluster, cluster.user("tester"), pool, setup)) {
      Path away = Files.move(program, folder.resolve("zfs"));
      int status;
      String printed;
      try (DaemonProcess daemon = DaemonProcess.start(node.configuration(), node.output())) {
        status = daemon.awaitEnd();
        printed = daemon.printed();
      }
      Files.move(away, program);
      String first = Files.readAllLines(node.log()).getFirst();

      assertEquals(1, status, printed);
      assertTrue(printed.contains(program.toString()), printed);
      JsonNode start = Json.read(first.getBytes(UTF_8));
      assertEquals(
          "[\"flockerd\",\"--config\",\"%s\"]".formatted(node.configuration()),
          start.path("argv").toString());
      node.start();
      assertEquals(node.id(), node.client().node().node());
    }
  }
}
