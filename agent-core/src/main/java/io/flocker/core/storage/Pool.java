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
  /** Of all that it can hold; beyond it ZFS looks ever longer for a free block. */
  private static final int CROWDED_PERCENT = 85;

  private static final double PERCENT = 100;

  /** How much of all that it can hold is used, in percent, rounded down; 0 of one without size. */
  public long usedPercent() {
    return sizeBytes == 0 ? 0 : (long) (PERCENT * (sizeBytes - freeBytes) / sizeBytes);
  }

  /** What is to be done about too little room, for people; empty where there is enough. */
  public Optional<String> shortage() {
    return usedPercent() < CROWDED_PERCENT
        ? Optional.empty()
        : Optional.of(
            """
            %1$d %% of the room of pool %2$s is used, %3$d bytes of %4$d are free: copies that arrive are refused once \
            there is none. Destroy what is not needed ('zfs list -o space -r %2$s' says what takes the room), or add a disk.\
            """
                .formatted(usedPercent(), name, freeBytes, sizeBytes));
  }

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
