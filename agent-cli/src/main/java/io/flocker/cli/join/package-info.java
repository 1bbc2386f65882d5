/**
 * How a node lets another machine into its cluster: an invitation, and both sides of the connection
 * by which it is answered.
 *
 * <p>Entry type: {@link io.flocker.cli.join.Invitation} where the authority is, {@link
 * io.flocker.cli.join.JoinConnection} on the machine that joins. Invariant: no private key crosses
 * the wire, nothing is issued before the secret and both keys are proven, at most one node is
 * certified by an invitation, and for the name that was given to it there.
 */
@NullMarked
package io.flocker.cli.join;

import org.jspecify.annotations.NullMarked;
