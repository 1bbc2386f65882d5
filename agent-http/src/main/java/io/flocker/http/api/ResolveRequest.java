package io.flocker.http.api;

import io.flocker.core.id.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * The body that ends a contest, {@code resolve-request.json}.
 *
 * @param keep the node whose copy lives on
 * @param takeover what an operator has signed; at that node only
 */
public record ResolveRequest(NodeId keep, @Nullable SignedTakeover takeover) {}
