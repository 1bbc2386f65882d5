package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.operation.OperationView;
import io.flocker.http.api.VolumeDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Copies that are compared with what their owner has, file by file. */
@Timeout(300)
class VerifyIT {
  @RegisterExtension
  static final TwoNodes NODES = new TwoNodes(NodeSetup.usual(), NodeSetup.usual());

  @Test
  void aPushedCopyHasWhatItsOwnerHadWhenItWasPushed() throws Exception {
    VolumeDocument volume = NODES.first().create("verify.copy");
    Path folder = TestNode.folder(volume);
    Content.write(folder.resolve("large"), 1 << 20, 1);
    Files.createDirectories(folder.resolve("some/where"));
    Files.createSymbolicLink(folder.resolve("some/link"), Path.of("where"));
    NODES.first().push(volume.id(), NODES.second());
    Files.writeString(folder.resolve("later"), "is not in the snapshot that both have");

    OperationView ended =
        NODES.first().succeed(NODES.first().client().verify(volume.id(), NODES.second().id()));

    assertTrue(String.valueOf(ended.result()).contains("sha256"), ended::toString);
    NODES.first().push(volume.id(), NODES.second());
    for (TestNode node : List.of(NODES.first(), NODES.second())) {
      String datasets = Zfs.run("list", "-H", "-o", "name", "-r", node.pool().name());
      assertEquals(2, datasets.lines().count(), "nothing but pool and volume: " + datasets);
    }
  }
}
