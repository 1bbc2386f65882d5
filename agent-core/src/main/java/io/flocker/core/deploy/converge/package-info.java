/**
 * Brings a node's part of the wish about, and keeps it.
 *
 * <p>Entry type: {@link io.flocker.core.deploy.converge.Convergence}, which looks around whenever
 * something has happened. Invariant: of two changes that share an object the later begins when the
 * earlier has gone well, or when both were planned anew; and no application is started before all
 * its volumes are owned and mounted here.
 */
@NullMarked
package io.flocker.core.deploy.converge;

import org.jspecify.annotations.NullMarked;
