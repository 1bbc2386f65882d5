/**
 * Volumes as a node's wish needs them: where they are, here and at peers, and how they are brought
 * to where they shall be.
 *
 * <p>Entry types: {@link io.flocker.transfer.deploy.DeployedVolumes} and {@link
 * io.flocker.transfer.deploy.OperatedMoves}. Invariant: what is done here is done by the same
 * operations as what users ask for, and can be watched like those.
 */
@NullMarked
package io.flocker.transfer.deploy;

import org.jspecify.annotations.NullMarked;
