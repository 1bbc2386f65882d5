package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationView;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Pushes that are cut and go on where they were, through two daemons whose {@code zfs} makes
 * streams up and keeps tokens. Needs neither root nor ZFS.
 */
@Timeout(600)
class ResumptionIT {
  private static final long MEBIBYTE = 1 << 20;
  private static final long BYTES = 32 * MEBIBYTE;
  private static final long CUT_AFTER = 20 * MEBIBYTE;

  @Test
  @DisplayName("R01 R02 R03 a first copy and an increment that are cut come whole by going on")
  void goesOnWhereItWasCut(@TempDir Path folder) throws Exception {
    try (FakeNodes nodes = FakeNodes.startCutting(folder, BYTES, CUT_AFTER)) {
      VolumeDocument volume = nodes.sender().create("default.cut");
      SnapshotDocument first = nodes.sender().client().takeSnapshot(volume.id());
      pushTwice(nodes, volume.id(), first);
      SnapshotDocument second = nodes.sender().client().takeSnapshot(volume.id());
      pushTwice(nodes, volume.id(), second);
    }
  }

  /** The first push is cut. The second one brings the rest: less than makes a receive break off. */
  private static void pushTwice(FakeNodes nodes, VolumeId volume, SnapshotDocument wanted)
      throws Exception {
    var _ = nodes.sender().fail(TransferFailure.STREAM_TRUNCATED, push(nodes, volume));
    OperationView rest = nodes.sender().succeed(push(nodes, volume));

    JsonNode streams = Json.tree(rest.result().orElseThrow()).path("streams");
    assertEquals(
        List.of("resume"),
        streams.valueStream().map(stream -> stream.path("kind").stringValue()).toList());
    assertTrue(rest.bytes() < CUT_AFTER, rest::toString);
    assertEquals(wanted.guid(), TestNode.latest(nodes.receiver().volume(volume)).guid());
  }

  /** Starts to push the snapshots that are there. */
  private static OperationView push(FakeNodes nodes, VolumeId volume) throws Exception {
    return Json.convert(
        new CertifiedCaller(nodes.user())
            .post(
                nodes.sender(),
                "/v1/volumes/" + volume + "/push",
                Map.of("peer", nodes.receiver().id(), "snapshot", false))
            .succeed(),
        OperationView.class);
  }
}
