package io.flocker.http.api;

import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * The body of a clone, {@code volume-clone.json}: a volume to make out of another one.
 *
 * @param id chosen by the caller, so that the request can be repeated; null leaves it to the node
 * @param snapshot what it is made of; null for how the source is now, or a replica's latest one
 * @param quotaBytes null for that of the source
 */
public record NewClone(
    VolumeName name, @Nullable VolumeId id, @Nullable String snapshot, @Nullable Long quotaBytes) {}
