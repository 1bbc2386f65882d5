/**
 * What other nodes send here: announced, judged against what is here, received, and told about.
 *
 * <p>Entry type: {@link io.flocker.transfer.receive.IncomingTransfers}. Invariant: no byte reaches
 * a dataset that this node owns, and none that was not announced by the volume's owner; what is
 * here stays, whatever becomes of a stream.
 */
@NullMarked
package io.flocker.transfer.receive;

import org.jspecify.annotations.NullMarked;
