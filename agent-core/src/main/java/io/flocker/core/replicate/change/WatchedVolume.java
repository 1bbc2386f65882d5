package io.flocker.core.replicate.change;

import java.nio.file.Path;

/**
 * A volume whose changes are wanted.
 *
 * @param dataset its full name
 * @param mountpoint where it is mounted while it is
 */
public record WatchedVolume(String dataset, Path mountpoint) {}
