package io.flocker.core.deploy.plan;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Another node, as this one knows it.
 *
 * @param addresses where it is reached, the best first; never empty
 * @param locations the same looked up, for packets; empty where that has failed
 * @param isReachable whether it answered when it was last asked
 * @param volumes of the volumes that the wish names those that it says it has, copies too; empty if
 *     it has not said
 */
public record KnownPeer(
    NodeId node,
    List<Address> addresses,
    List<InetAddress> locations,
    boolean isReachable,
    Optional<List<RemoteVolume>> volumes) {
  /**
   * A volume as a peer tells of it.
   *
   * @param role what the peer is to it
   * @param owner who may write it, as far as the peer knows
   * @param maximumSizeBytes how large its content may become; empty for no limit
   */
  public record RemoteVolume(
      VolumeId id, VolumeName name, Role role, NodeId owner, OptionalLong maximumSizeBytes) {}

  public KnownPeer {
    addresses = List.copyOf(addresses);
    locations = List.copyOf(locations);
    volumes = volumes.map(List::copyOf);
  }
}
