package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.Role;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a node has of a volume, as it tells another: the answer to {@code GET
 * /node/v1/volumes/{id}}.
 *
 * @param exists whether a dataset of the volume is there; the rest but capabilities and space is
 *     empty where not
 * @param role what the node is to the volume
 * @param owner who owns it, as far as the node knows
 * @param epoch of the node's record
 * @param highestEpoch the highest that the node has ever seen for this volume
 * @param snapshots oldest first
 * @param resumeToken of a receive that was cut
 * @param capabilities what its ZFS can do
 * @param freeBytes of its pool
 * @param arriving the transfer that is just bringing the volume there
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record VolumeView(
    boolean exists,
    Optional<Role> role,
    Optional<NodeId> owner,
    long epoch,
    long highestEpoch,
    Optional<Guid> dataset,
    List<Snapshot> snapshots,
    Optional<String> resumeToken,
    Capabilities capabilities,
    long freeBytes,
    Optional<UUID> arriving) {
  /** Which snapshots are there. */
  public Set<Guid> guids() {
    return snapshots.stream().map(Snapshot::guid).collect(Collectors.toUnmodifiableSet());
  }
}
