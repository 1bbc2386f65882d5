/**
 * What makes this machine a node: the files of a node, a pool for its volumes, and the service that
 * runs its daemon.
 *
 * <p>Entry type: {@link io.flocker.cli.setup.FirstNode} for the first node of a cluster; another
 * one gets its {@link io.flocker.cli.setup.NodeFiles} by an invitation. Invariant: a machine gets
 * all files of a node or none, no file that is there is overwritten, and every program that is
 * waited for has a deadline.
 */
@NullMarked
package io.flocker.cli.setup;

import org.jspecify.annotations.NullMarked;
