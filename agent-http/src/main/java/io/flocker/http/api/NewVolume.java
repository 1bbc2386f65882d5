package io.flocker.http.api;

import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * The body that creates a volume, {@code volume-create.json}.
 *
 * @param id chosen by the caller, so that the request can be repeated; null leaves it to the node
 * @param quotaBytes null for no limit
 */
public record NewVolume(VolumeName name, @Nullable VolumeId id, @Nullable Long quotaBytes) {}
