/**
 * The event loops that carry every connection, how their sockets are set up, and where their
 * buffers come from.
 *
 * <p>Entry type: {@link io.flocker.http.net.EventLoops}. Invariant: a connection stays on one loop
 * from its first byte to its last, and nothing on a loop blocks.
 */
@NullMarked
package io.flocker.http.net;

import org.jspecify.annotations.NullMarked;
