/**
 * A whole cluster that is told what it shall run: its nodes, what they would do, how far they are.
 *
 * <p>Entry type: {@link io.flocker.cli.deploy.Cluster}. Invariant: nothing here prints, and a node
 * that does not answer never keeps the others from being asked.
 */
@NullMarked
package io.flocker.cli.deploy;

import org.jspecify.annotations.NullMarked;
