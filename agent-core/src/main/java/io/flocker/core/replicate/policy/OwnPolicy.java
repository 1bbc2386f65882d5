package io.flocker.core.replicate.policy;

/**
 * A policy that is said of one volume.
 *
 * @param isWished whether the cluster's wish said it, which may take it away again; else a user did
 */
public record OwnPolicy(Policy policy, boolean isWished) {}
