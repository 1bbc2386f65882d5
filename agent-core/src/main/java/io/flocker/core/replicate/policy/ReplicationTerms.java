package io.flocker.core.replicate.policy;

import java.util.function.Supplier;

/**
 * What is said about copies at one node.
 *
 * @param policies about those of its own volumes at others
 * @param floor about those of others' volumes here, as it is at the moment
 */
public record ReplicationTerms(Policies policies, Supplier<ReceiverFloor> floor) {}
