/**
 * Pipes on an event loop: our end of a child's stdin or stdout beside the sockets that it feeds.
 *
 * <p>Entry types: {@link io.flocker.transfer.pipe.PipeReader} and {@link
 * io.flocker.transfer.pipe.PipeWriter}. Invariants: a byte never changes thread; a descriptor is
 * closed exactly once, after it has left the loop; a byte that lies in a pipe does not change
 * before it has been read. Needs nothing but the JDK, Netty's epoll transport and {@code core.os}.
 */
@NullMarked
package io.flocker.transfer.pipe;

import org.jspecify.annotations.NullMarked;
