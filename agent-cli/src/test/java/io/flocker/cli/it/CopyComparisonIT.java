package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.operation.OperationView;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.Verified;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.http.api.VolumeDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Copies that are compared with what their owner has, file by file. */
@Timeout(300)
class CopyComparisonIT {
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
      assertFalse(datasets.contains("flocker-view-"), datasets);
    }
  }

  @Test
  void aPolicyHasACopyVerifiedOnceItIsThere() throws Exception {
    TestNode owner = NODES.first();
    VolumeDocument volume = owner.create("verify.policy");
    Content.write(TestNode.folder(volume).resolve("file"), 1 << 20, 2);
    Policy usual = Policy.to(List.of(NODES.second().id()));
    var _ = owner.client().putReplication(volume.id(), usual.verifiedEvery(Duration.ofHours(1)));

    Await.until("the comparison", () -> verified(owner, volume).isPresent());

    assertEquals(Optional.empty(), verified(owner, volume).orElseThrow().drift());
    assertEquals(CopyStatus.State.CURRENT, copy(owner, volume).orElseThrow().state());
  }

  private static Optional<Verified> verified(TestNode owner, VolumeDocument volume)
      throws Exception {
    return copy(owner, volume)
        .flatMap(CopyStatus::verification)
        .flatMap(CopyStatus.Verification::last);
  }

  private static Optional<CopyStatus> copy(TestNode owner, VolumeDocument volume) throws Exception {
    return owner.client().copies().stream()
        .filter(copy -> copy.volume().equals(volume.id()))
        .findFirst();
  }
}
