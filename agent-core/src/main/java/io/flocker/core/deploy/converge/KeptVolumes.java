package io.flocker.core.deploy.converge;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeLocks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Volumes that nobody takes away until this is closed. One thread. */
final class KeptVolumes implements AutoCloseable {
  private final List<VolumeLocks.Lease> leases = new ArrayList<>();

  private KeptVolumes() {}

  /**
   * Keeps all of them, or none.
   *
   * @param user for whoever wants one meanwhile
   * @throws FailureException as {@link VolumeMoves#keep}
   */
  static KeptVolumes keep(VolumeMoves moves, Collection<VolumeId> volumes, String user)
      throws FailureException {
    KeptVolumes kept = new KeptVolumes();
    try {
      for (VolumeId volume : volumes) {
        kept.leases.add(moves.keep(volume, user));
      }
      return kept;
    } catch (FailureException | RuntimeException e) {
      kept.close();
      throw e;
    }
  }

  @Override
  public void close() {
    leases.forEach(VolumeLocks.Lease::close);
  }
}
