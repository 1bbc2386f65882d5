/**
 * The client side between nodes: calls and streams over pooled connections, mutual TLS.
 *
 * <p>Entry type: {@code PeerClient}. Invariant: no byte of a request leaves before the peer's
 * certificate has named the node that was meant.
 */
@NullMarked
package io.flocker.http.peer;

import org.jspecify.annotations.NullMarked;
