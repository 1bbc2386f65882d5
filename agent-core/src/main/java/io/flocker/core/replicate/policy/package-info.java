/**
 * What people say about the replication of a volume: to whom, how far behind, and what is kept.
 *
 * <p>Entry type: {@link io.flocker.core.replicate.policy.Policies}. Invariant: a policy counts once
 * it is on disk, and holds nothing that is not carried out.
 */
@NullMarked
package io.flocker.core.replicate.policy;

import org.jspecify.annotations.NullMarked;
