/**
 * What two nodes say to each other beside the streams: the JSON of {@code /node/v1}.
 *
 * <p>Entry type: {@link io.flocker.transfer.protocol.PeerVolumes}. Invariant: every question
 * carries lineage, owner and epoch; unknown members of an answer are ignored, so that nodes of two
 * versions work together.
 */
@NullMarked
package io.flocker.transfer.protocol;

import org.jspecify.annotations.NullMarked;
