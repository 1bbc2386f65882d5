package io.flocker.transfer.receive;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.SnapshotReference;
import io.flocker.core.plan.StreamKind;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What senders announce in tests. */
final class Plans {
  private Plans() {}

  /** A first copy of {@code volume}, whose owner is {@code sender}, with such snapshots. */
  static TransferPlan full(NodeId sender, VolumeId volume, long... guids) {
    return plan(
        volume,
        VolumeName.parse("default.v" + volume),
        sender,
        0,
        StreamKind.FULL,
        Optional.empty(),
        snapshots(guids));
  }

  /** What comes after a snapshot of a volume that its owner has. */
  static TransferPlan increment(Volume volume, Guid from, long... guids) {
    return increment(volume.id(), volume.name(), volume.owner(), volume.epoch(), from, guids);
  }

  /** What comes after a snapshot of a volume that {@code owner} says is his. */
  static TransferPlan increment(
      VolumeId volume, VolumeName name, NodeId owner, long epoch, Guid from, long... guids) {
    return plan(
        volume, name, owner, epoch, StreamKind.INCREMENTAL, Optional.of(from), snapshots(guids));
  }

  private static TransferPlan plan(
      VolumeId volume,
      VolumeName name,
      NodeId owner,
      long epoch,
      StreamKind kind,
      Optional<Guid> from,
      List<SnapshotReference> brings) {
    return new TransferPlan(
        UUID.randomUUID(),
        volume,
        name,
        owner,
        epoch,
        UUID.randomUUID(),
        kind,
        from,
        brings,
        SendFlags.NONE,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Map.of(),
        Optional.empty(),
        List.of());
  }

  private static List<SnapshotReference> snapshots(long... guids) {
    return Arrays.stream(guids)
        .mapToObj(guid -> new SnapshotReference("s" + guid, new Guid(guid)))
        .toList();
  }
}
