package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.http.LocalConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AttachedVolumesTest {
  @TempDir Path folder;

  @Test
  void dockerIsServedWhereItsSocketIsGivenForAsLongAsTheDaemonRuns() throws Exception {
    Path socket = folder.resolve("plugins").resolve("f.sock");

    try (Node _ =
        Node.start(
            ServedRoutes.configuration(folder, "docker-plugin: {socket: %s}".formatted(socket)),
            List.of(),
            List.of())) {
      LocalConnection.Reply activated = LocalConnection.call(socket, "Plugin.Activate", "");
      assertEquals("[\"VolumeDriver\"]", activated.body().path("Implements").toString());
      assertEquals(404, LocalConnection.call(socket, "v1/volumes", "{}").status());
    }
    assertTrue(Files.notExists(socket));
  }
}
