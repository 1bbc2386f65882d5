package io.flocker.core.replicate;

import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.VolumeName;

/**
 * What is wanted of a volume.
 *
 * @param name what people call it
 * @param isHere whether the pool has it; one that is gone by nobody's word to this node keeps the
 *     copies that it had, so that they are told of
 */
public record Wanted(VolumeName name, Policy policy, boolean isHere) {
  /** Of a volume that the pool has. */
  public Wanted(VolumeName name, Policy policy) {
    this(name, policy, true);
  }

  /** The same under what it was called before it was gone. */
  Wanted called(VolumeName before) {
    return new Wanted(before, policy, isHere);
  }
}
