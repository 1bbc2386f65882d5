package io.flocker.core.storage;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.NodeId;
import java.util.Optional;

/**
 * The pool that this node's volumes live in.
 *
 * @param node whose pool it is, by its {@code flocker:node} property; empty before the first start
 * @param health as ZFS says it, such as ONLINE
 */
public record Pool(
    String name, long sizeBytes, long freeBytes, String health, Optional<NodeId> node) {
  /**
   * Makes sure that there is room, as far as one can know beforehand.
   *
   * @param what takes the room, for the message
   * @throws FailureException {@code NO_SPACE}, which says where, how much is free and how much is
   *     needed
   */
  public void requireFree(long neededBytes, String what) throws FailureException {
    if (neededBytes > freeBytes) {
      throw told(StorageFailure.NO_SPACE.because(
              what
                  + " takes about "
                  + neededBytes
                  + " bytes, pool "
                  + name
                  + node.map(owner -> " of node " + owner).orElse("")
                  + " has "
                  + freeBytes
                  + " free"))
          .with("neededBytes", neededBytes);
    }
  }

  /** The same failure, which says besides on which node how much is free. */
  public FailureException told(FailureException failure) {
    FailureException told = failure.with("pool", name).with("freeBytes", freeBytes);
    return node.isPresent() ? told.with("node", node.get()) : told;
  }
}
