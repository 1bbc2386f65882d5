package io.flocker.http.api;

import org.jspecify.annotations.Nullable;

/**
 * The body that takes a snapshot, {@code snapshot-create.json}.
 *
 * @param name null for one of the node's, which tells the time
 */
public record NewSnapshot(@Nullable String name) {}
