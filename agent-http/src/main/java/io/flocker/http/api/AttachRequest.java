package io.flocker.http.api;

import io.flocker.core.volume.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * What is to be on a node; see {@code attach-request.json}.
 *
 * @param sizeBytes how large its content may become if it has to be made; null or 0 for no limit
 * @param profile what kind of storage is wanted if it has to be made; null for any
 */
public record AttachRequest(VolumeName name, @Nullable Long sizeBytes, @Nullable String profile) {}
