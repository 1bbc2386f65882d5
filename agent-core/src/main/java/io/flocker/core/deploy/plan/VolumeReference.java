package io.flocker.core.deploy.plan;

import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.util.Optional;

/**
 * Which volume is meant.
 *
 * @param name as the wish has it; of one that the wish does not name, what it is called
 * @param id empty for one that is to be created and may have any
 */
public record VolumeReference(VolumeName name, Optional<VolumeId> id) {
  /** What is in the way of another change of the same volume. */
  public Subject subject() {
    return Subject.volume(name);
  }

  /** Its name. */
  @Override
  public String toString() {
    return name.toString();
  }
}
