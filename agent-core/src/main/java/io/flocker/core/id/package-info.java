/**
 * What the nodes call things: a node, a volume's lineage, a guid.
 *
 * <p>Entry type: {@link io.flocker.core.id.Guid}. Invariant: a value that exists is well formed,
 * and its {@code toString} is the only form that is ever written to a wire, a disk or a log.
 */
@NullMarked
package io.flocker.core.id;

import org.jspecify.annotations.NullMarked;
