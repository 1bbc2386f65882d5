package io.flocker.http.client;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * A volume as the node that answers sees it.
 *
 * @param owner who may write it
 * @param role what the node that answers is to it
 * @param epoch counts changes of owner
 * @param mountpoint where it is mounted, or would be; null where it never is
 * @param usedBytes with all snapshots
 * @param referencedBytes without snapshots
 * @param quotaBytes null for no limit
 * @param latestSnapshot null for none
 */
public record VolumeReport(
    VolumeId id,
    VolumeName name,
    NodeId owner,
    Role role,
    long epoch,
    String dataset,
    @Nullable String mountpoint,
    boolean mounted,
    long usedBytes,
    long referencedBytes,
    @Nullable Long quotaBytes,
    int snapshotCount,
    @Nullable SnapshotReport latestSnapshot) {}
