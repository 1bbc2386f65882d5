/**
 * {@code flocker-ca}: makes the cluster's authority and the certificates of its members.
 *
 * <p>Entry type: {@link io.flocker.cli.ca.CaCommand}. Invariant: it works on files alone, talks to
 * no node, and a command that fails has created nothing and left the list of revoked ones as it
 * was.
 */
@NullMarked
package io.flocker.cli.ca;

import org.jspecify.annotations.NullMarked;
