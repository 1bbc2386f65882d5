package io.flocker.core.replicate.policy;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeRegister;

/**
 * Knows the volumes that were destroyed here, and the copies that are here no more. Any thread;
 * asks the disk.
 */
public record GoneVolumes(VolumeRegister register, VolumeCatalog catalog) implements Policies.Gone {
  @Override
  public boolean isGone(VolumeId volume) throws FailureException {
    return register.tombstone(volume).isPresent()
        || (catalog.known(volume).isEmpty() && catalog.find(volume).isEmpty());
  }
}
