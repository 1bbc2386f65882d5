package io.flocker.core.storage;

import java.util.Set;

/**
 * The holds on one snapshot.
 *
 * @param count how many, at least 1
 * @param tags their tags; empty where this ZFS does not tell them
 */
public record Holds(int count, Set<String> tags) {}
