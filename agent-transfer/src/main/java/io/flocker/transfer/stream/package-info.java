/**
 * One stream between a child's pipe and a body: counted, summed, judged, and proven before its end
 * reaches the receiving child.
 *
 * <p>Entry types: {@link io.flocker.transfer.stream.StreamSender} and {@link
 * io.flocker.transfer.stream.StreamReceiver}. Invariants: memory grows neither with the length of a
 * stream nor with the slowness of a peer; a stream that was not proven never ends well for the
 * child that receives it; every child is ended by whoever moves its bytes.
 *
 * <p>Bytes move on the connection's event loop; children are started, ended and waited for on a
 * virtual thread ({@code ChildRun}). {@link io.flocker.transfer.pipe.PipeReader} and {@link
 * io.flocker.transfer.pipe.PipeWriter} are all that sender and receiver know of a pipe: a
 * connection whose TLS the kernel does can splice in their place.
 */
@NullMarked
package io.flocker.transfer.stream;

import org.jspecify.annotations.NullMarked;
