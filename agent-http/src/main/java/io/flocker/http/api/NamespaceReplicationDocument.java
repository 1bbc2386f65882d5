package io.flocker.http.api;

import io.flocker.core.replicate.policy.Policy;
import java.util.Optional;

/**
 * What holds for the volumes of a namespace that have no policy of their own; see {@code
 * namespace-replication.json}.
 *
 * @param policy empty where nobody said anything
 */
public record NamespaceReplicationDocument(String namespace, Optional<Policy> policy) {}
