package io.flocker.core.volume;

import io.flocker.core.id.NodeId;
import java.nio.file.Path;

/**
 * This node, as far as its volumes are concerned.
 *
 * @param mountRoot folder below which owned volumes are mounted, without symbolic links
 * @param mode of the root folder of a new volume; a clone keeps that of its source
 */
public record LocalNode(NodeId node, Path mountRoot, VolumeMode mode) {
  /** Where a volume is mounted while this node owns it; its owner is no part of the path. */
  public Path mountpoint(VolumeName name) {
    return mountRoot.resolve(name.toString());
  }
}
