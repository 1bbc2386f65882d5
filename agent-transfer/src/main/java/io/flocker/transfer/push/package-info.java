/**
 * Sending a volume to a peer: asked, planned, held, announced, streamed, compared, pruned.
 *
 * <p>Entry type: {@link io.flocker.transfer.push.Push}. Invariant: the snapshot that the peer's
 * next increment will start from is held until a newer one is proven there.
 *
 * <p>A push looks at the peer ({@code PeerCopies}), plans ({@code PushPlanner}), and has one stream
 * after the other leave ({@code ChainSender}, {@code OutgoingStream}).
 */
@NullMarked
package io.flocker.transfer.push;

import org.jspecify.annotations.NullMarked;
