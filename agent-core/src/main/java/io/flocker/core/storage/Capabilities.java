package io.flocker.core.storage;

import java.util.Set;

/**
 * What this node's ZFS can do, found by probing and never guessed from a version.
 *
 * @param version as ZFS says it, for people; "unknown" where it does not say
 * @param sendFlags flags of {@code zfs send} that may be used, each without its dash
 * @param receiveFlags flags of {@code zfs receive} that may be used, each without its dash
 * @param poolFeatures enabled or active features of the pool, such as {@code large_blocks}
 * @param canResume whether a cut receive is kept and continued
 * @param canBookmark whether bookmarks exist
 * @param canEstimate whether a send can be sized without being run
 */
public record Capabilities(
    String version,
    Set<String> sendFlags,
    Set<String> receiveFlags,
    Set<String> poolFeatures,
    boolean canResume,
    boolean canBookmark,
    boolean canEstimate) {}
