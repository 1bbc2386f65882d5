/**
 * How a machine becomes a node of a cluster: as its first one, or by an invitation, on both sides
 * of the wire.
 *
 * <p>Entry type: {@link io.flocker.cli.join.FirstNode}; {@link io.flocker.cli.join.Invitation}
 * where the authority is, {@link io.flocker.cli.join.Joining} on the machine that joins. Invariant:
 * a machine gets all files of a node or none, no private key crosses the wire, nothing is issued
 * before the secret and both keys are proven, at most one node is certified by an invitation, and
 * for the name that was given to it there.
 */
@NullMarked
package io.flocker.cli.join;

import org.jspecify.annotations.NullMarked;
