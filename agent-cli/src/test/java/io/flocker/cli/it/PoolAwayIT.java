package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.storage.TestPool;
import io.flocker.http.api.NodeDocument;
import io.flocker.http.api.VolumeDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/** A pool that goes away under a daemon, and comes back. */
@Timeout(300)
class PoolAwayIT {
  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  @Test
  void isUnavailableWhileItIsAwayAndMountedOnceItIsBack() throws Exception {
    TestNode node = NODES.first();
    VolumeDocument volume = node.create("away.a");
    Files.writeString(TestNode.folder(volume).resolve("file"), "text");
    TestPool pool = node.pool();

    zpool("export", pool.name());
    List<Executable> questions =
        List.of(
            () -> node.client().volumes(),
            () -> node.client().volume(volume.id()),
            () -> node.client().volume(volume.name()),
            () -> node.client().snapshots(volume.id()));
    for (Executable question : questions) {
      FailureException failure = assertThrows(FailureException.class, question);
      assertEquals(StorageFailure.POOL_UNAVAILABLE, failure.failure(), failure::detail);
    }
    NodeDocument told = node.client().node();
    assertEquals(node.id(), told.node());
    assertEquals(NodeDocument.PoolDocument.AWAY, told.pool().health());
    assertTrue(told.warnings().getFirst().detail().contains(pool.name()), told::toString);
    var _ =
        new CertifiedCaller(NODES.user())
            .post(node, "/v1/volumes/" + volume.id() + "/snapshots")
            .fail(StorageFailure.POOL_UNAVAILABLE);
    Await.until("the log says so", () -> logged(node, "flocker:pool:away") == 1);
    zpool("import", "-d", pool.folder().toString(), pool.name());

    Await.until("it is mounted again", () -> node.volume(volume.id()).mounted());
    assertEquals("text", Files.readString(TestNode.folder(volume).resolve("file")));
    node.awaitLogged("flocker:pool:back");
    assertEquals(1, logged(node, "flocker:pool:away"));
    assertEquals(1, logged(node, "flocker:pool:back"));
  }

  private static long logged(TestNode node, String type) throws IOException {
    return Files.readAllLines(node.log()).stream().filter(line -> line.contains(type)).count();
  }

  private static void zpool(String... arguments) throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("zpool"));
    argv.addAll(List.of(arguments));
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
  }
}
