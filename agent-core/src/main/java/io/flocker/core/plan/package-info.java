/**
 * What to send so that a peer comes to hold what we hold.
 *
 * <p>Entry type: {@link io.flocker.core.plan.ReplicationPlanner}. Invariant: planning is a pure
 * function of two listings; only guids say what is equal, only createtxg says what is older, and
 * only within one pool.
 */
@NullMarked
package io.flocker.core.plan;

import org.jspecify.annotations.NullMarked;
