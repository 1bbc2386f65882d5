package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The volumes that a node has of those that it was asked for, copies too.
 *
 * @param making names of those that it is about to make; a node of an older flockerd says none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record FindAnswer(List<Found> volumes, List<VolumeName> making) {
  @JsonCreator
  public FindAnswer(List<Found> volumes, @Nullable List<VolumeName> making) {
    this.volumes = List.copyOf(volumes);
    this.making = making == null ? List.of() : List.copyOf(making);
  }

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
