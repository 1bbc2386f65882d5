package io.flocker.transfer.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;

/**
 * What a copy is called that was set aside.
 *
 * @param volume by which id it is found at its keeper
 * @param name what it is called there
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SetAsideAnswer(VolumeId volume, VolumeName name) {}
