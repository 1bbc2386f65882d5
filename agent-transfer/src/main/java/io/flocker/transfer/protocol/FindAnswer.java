package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import java.util.List;
import java.util.OptionalLong;

/** The volumes that a node has of those that it was asked for, copies too. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record FindAnswer(List<Found> volumes) {
  /**
   * One of them.
   *
   * @param role what the node is to it
   * @param owner who may write it, as far as the node knows
   * @param maximumSizeBytes how large its content may become; empty for no limit
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Found(
      VolumeId id, VolumeName name, Role role, NodeId owner, OptionalLong maximumSizeBytes) {}
}
