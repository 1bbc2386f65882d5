package io.flocker.core.volume;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * What shall be different of a volume; what is empty stays.
 *
 * @param quotaBytes refquota; 0 is none
 * @param metadata makes the new metadata of the present ones
 */
public record VolumeChange(
    OptionalLong quotaBytes, Optional<UnaryOperator<Map<String, String>>> metadata) {}
