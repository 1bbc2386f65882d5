package io.flocker.http.api;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.PolicySource;
import io.flocker.core.storage.Dataset;
import io.flocker.core.volume.Confirmations;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeName;
import io.flocker.core.volume.VolumeReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A volume as this node sees it; see {@code volume.json}. */
public record VolumeDocument(
    VolumeId id,
    VolumeName name,
    NodeId owner,
    Role role,
    long epoch,
    String dataset,
    Optional<String> mountpoint,
    boolean mounted,
    MountStatus.State mountState,
    Optional<String> mountReason,
    long usedBytes,
    long referencedBytes,
    long quotaBytes,
    int snapshotCount,
    Optional<SnapshotDocument> latestSnapshot,
    Optional<String> origin,
    Map<String, String> metadata,
    List<ConfirmationDocument> confirmed,
    List<NodeId> copies,
    Optional<PolicySource> replication)
    implements VolumeReference.Candidate {
  /** A node of an older version says only whether it is mounted, and asks nobody. */
  public VolumeDocument {
    if (mountState == null) {
      mountState = mounted ? MountStatus.State.MOUNTED : MountStatus.State.UNMOUNTED;
    }
    confirmed = confirmed == null ? List.of() : List.copyOf(confirmed);
    copies = copies == null ? List.of() : List.copyOf(copies);
  }

  static VolumeDocument of(
      Volume volume,
      MountStatus mount,
      Map<String, String> metadata,
      List<Confirmations.Word> confirmed,
      List<NodeId> copies) {
    Dataset dataset = volume.dataset();
    return new VolumeDocument(
        volume.id(),
        volume.name(),
        volume.owner(),
        volume.role(),
        volume.epoch(),
        dataset.name(),
        dataset.mountpoint().map(Path::toString),
        dataset.isMounted(),
        mount.state(),
        mount.reason(),
        dataset.usedBytes(),
        dataset.referencedBytes(),
        dataset.limitBytes(),
        dataset.snapshots().size(),
        dataset.latest().map(SnapshotDocument::of),
        dataset.origin(),
        metadata,
        confirmed.stream().map(ConfirmationDocument::of).toList(),
        copies,
        Optional.empty());
  }

  /** The same, which tells whose replication policy holds. */
  VolumeDocument replicated(PolicySource source) {
    return new VolumeDocument(
        id,
        name,
        owner,
        role,
        epoch,
        dataset,
        mountpoint,
        mounted,
        mountState,
        mountReason,
        usedBytes,
        referencedBytes,
        quotaBytes,
        snapshotCount,
        latestSnapshot,
        origin,
        metadata,
        confirmed,
        copies,
        Optional.of(source));
  }
}
