package io.flocker.core.replicate;

import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.VolumeName;

/**
 * What is wanted of a volume.
 *
 * @param name what people call it
 */
public record Wanted(VolumeName name, Policy policy) {}
