package io.flocker.core.deploy.plan;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A volume that has a dataset here.
 *
 * @param role what this node is to it
 * @param owner who may write it, as far as this node knows
 * @param maximumSizeBytes how large its content may become; empty for no limit
 * @param mount whether it is mounted here, and why not
 * @param folder where it is mounted while it is, absolute
 */
public record LocalVolume(
    VolumeId id,
    VolumeName name,
    Role role,
    NodeId owner,
    OptionalLong maximumSizeBytes,
    MountStatus mount,
    Path folder) {
  /** Whether an application can have it: it is owned, mounted and so writable here. */
  public boolean isUsable() {
    return role == Role.OWNER && mount.state() == MountStatus.State.MOUNTED;
  }
}
