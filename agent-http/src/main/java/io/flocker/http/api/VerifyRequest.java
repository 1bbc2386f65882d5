package io.flocker.http.api;

import io.flocker.core.id.NodeId;

/**
 * The body of a verification, {@code verify-request.json}.
 *
 * @param peer the node whose copy is verified
 */
public record VerifyRequest(NodeId peer) {}
