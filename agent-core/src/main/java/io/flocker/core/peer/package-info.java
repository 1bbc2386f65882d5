/**
 * The other nodes that this one knows.
 *
 * <p>Entry type: {@link io.flocker.core.peer.PeerBook}. Invariant: what is listed here survives a
 * crash; a peer is a node's uuid, its addresses are only where to look for it.
 */
@NullMarked
package io.flocker.core.peer;

import org.jspecify.annotations.NullMarked;
