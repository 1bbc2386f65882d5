package io.flocker.http.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What shall be different of a volume.
 *
 * @param quotaBytes 0 for no limit; null leaves it as it is
 * @param metadata entries to write, or, where the value is null, to take away; the others stay
 */
public record VolumePatch(@Nullable Long quotaBytes, Map<String, @Nullable String> metadata) {}
