package io.flocker.cli.it;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.http.api.VolumeDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stream that is proven and well received counts for nothing until the pool says so. */
@Timeout(300)
class ErringPoolIT {
  private static final long MEBIBYTE = 1 << 20;

  @Test
  @DisplayName("I17 a pool that holds another guid than was announced fails the push")
  void believesThePoolAlone(@TempDir Path folder) throws Exception {
    try (FakeNodes nodes = FakeNodes.start(folder, MEBIBYTE, 1024 * MEBIBYTE, 0, "")) {
      Path settings = nodes.receiver().pool().folder().resolve("settings");
      Files.writeString(settings, "errs=1\n", APPEND);
      VolumeDocument volume = nodes.sender().create("default.erring");

      FailureException failure =
          nodes
              .sender()
              .fail(
                  TransferFailure.WRONG_GUID,
                  nodes.sender().client().push(volume.id(), nodes.receiver().id()));

      assertTrue(
          failure
              .detail()
              .contains(TestNode.latest(nodes.sender().volume(volume.id())).guid().toString()),
          failure::detail);
    }
  }
}
