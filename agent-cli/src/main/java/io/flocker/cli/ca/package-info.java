/**
 * {@code flocker-ca}: makes the cluster's authority and the certificates of its members.
 *
 * <p>Entry type: {@link io.flocker.cli.ca.CaCommand}. Invariant: it works on files alone, talks to
 * no node, and a command that fails has created nothing.
 */
@NullMarked
package io.flocker.cli.ca;

import org.jspecify.annotations.NullMarked;
