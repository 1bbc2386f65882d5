/**
 * Whole nodes on real pools: daemons as processes, spoken to over mutual TLS, killed and asked
 * again.
 *
 * <p>Entry type: {@link io.flocker.cli.it.TwoNodes}. Invariant: what a test class started is ended
 * and what it made is destroyed when it is over, whatever became of it.
 */
@NullMarked
package io.flocker.cli.it;

import org.jspecify.annotations.NullMarked;
