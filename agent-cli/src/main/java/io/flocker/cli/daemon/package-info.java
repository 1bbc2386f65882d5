/**
 * The daemon flockerd: everything that a node is made of, put together once.
 *
 * <p>Entry type: {@link io.flocker.cli.daemon.Daemon}. Invariant: what is opened is closed in the
 * reverse order, also when the start fails half-way; nobody is served before the pool is known to
 * be this node's.
 */
@NullMarked
package io.flocker.cli.daemon;

import org.jspecify.annotations.NullMarked;
