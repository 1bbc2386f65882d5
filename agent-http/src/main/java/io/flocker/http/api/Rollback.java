package io.flocker.http.api;

import io.flocker.core.volume.VolumeHistory;
import org.jspecify.annotations.Nullable;

/**
 * The body of a rollback, {@code volume-rollback.json}: where a volume shall go back to.
 *
 * @param snapshot its name
 * @param destroyNewer whether snapshots that are newer may be destroyed; null for no
 * @param force whether even those that the next increment to a peer starts from; null for no
 */
public record Rollback(String snapshot, @Nullable Boolean destroyNewer, @Nullable Boolean force) {
  VolumeHistory.Rollback wanted() {
    return new VolumeHistory.Rollback(
        snapshot, Boolean.TRUE.equals(destroyNewer), Boolean.TRUE.equals(force));
  }
}
