package io.flocker.core.deploy.plan;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.Role;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of where one volume is that the wish names.
 *
 * @param local what there is of it here
 * @param owner who owns it, as its owner or else the copy here says; empty if nobody is known to
 * @param sizeBytes how large its content may become as far as is known; empty for no limit, or if
 *     nothing is known of the volume
 * @param rivals the ids of volumes that may all be meant; more than one only where nothing says
 *     which
 */
record Sighting(
    Optional<LocalVolume> local,
    Optional<NodeId> owner,
    OptionalLong sizeBytes,
    List<VolumeId> rivals) {
  /** Whether this node owns it. */
  boolean isOwnedHere() {
    return local.isPresent() && local.get().role() == Role.OWNER;
  }

  /** Whether nothing says which of several volumes is meant. */
  boolean isAmbiguous() {
    return rivals.size() > 1;
  }

  /** Which volume it is; empty if there is none, or nobody can say. */
  Optional<VolumeId> id() {
    return rivals.size() == 1 ? Optional.of(rivals.getFirst()) : Optional.empty();
  }
}
