package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.util.List;

/**
 * Asks which volumes a node has that are called so, or have one of those ids: {@code POST
 * /node/v1/volumes/find}.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record FindRequest(List<VolumeName> names, List<VolumeId> ids) {}
