package io.flocker.core.replicate.policy;

/**
 * What is said about copies at one node.
 *
 * @param policies about those of its own volumes at others
 * @param floor about those of others' volumes here
 */
public record ReplicationTerms(Policies policies, ReceiverFloor floor) {}
