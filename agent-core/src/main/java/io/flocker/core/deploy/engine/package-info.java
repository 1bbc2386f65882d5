/**
 * The container engine of this node, as those see it who plan and bring about what shall run.
 *
 * <p>Entry type: {@link io.flocker.core.deploy.engine.ContainerEngine}. Invariant: nothing here
 * knows which engine it is, and a container is told of completely: what was created from a
 * definition is found as that definition.
 */
@NullMarked
package io.flocker.core.deploy.engine;

import org.jspecify.annotations.NullMarked;
