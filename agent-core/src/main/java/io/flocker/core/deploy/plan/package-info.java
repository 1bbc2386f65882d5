/**
 * What a node has to do so that its part of the wish comes true, and in which order.
 *
 * <p>Entry type: {@link io.flocker.core.deploy.plan.Planner}. Invariant: planning is a pure
 * function of what is wished and what was discovered; what could not be discovered is never taken
 * for something that is not there; and no plan destroys a volume or touches what is not ours. See
 * {@code agent-core/PLAN.md}.
 */
@NullMarked
package io.flocker.core.deploy.plan;

import org.jspecify.annotations.NullMarked;
