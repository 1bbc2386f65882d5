package io.flocker.core.notify;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import java.util.Optional;

/**
 * What somebody is told of.
 *
 * @param volume itself, or whose copy
 * @param peer where the copy is; empty for the volume on this node
 */
public record Subject(VolumeId volume, Optional<NodeId> peer) {
  /** As people write it. */
  @Override
  public String toString() {
    return peer.map(node -> volume + "/" + node).orElse(volume.toString());
  }
}
