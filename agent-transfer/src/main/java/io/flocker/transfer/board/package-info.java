/**
 * The streams that are under way at this node.
 *
 * <p>Entry type: {@link io.flocker.transfer.board.TransferBoard}. Invariant: whatever moves bytes
 * is on the board from its beginning to its end, however that comes.
 */
@NullMarked
package io.flocker.transfer.board;

import org.jspecify.annotations.NullMarked;
