package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.storage.DatasetHead;
import io.flocker.core.storage.Storage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a daemon does with a pool that it has not seen, or not for a while. One thread only. */
public final class PoolClaim {
  private final Storage storage;
  private final LocalNode home;
  private final PeerBook peers;
  private final NamedNodes named;

  /**
   * Takes the pool of {@code storage} for the node {@code home}.
   *
   * @param memory knows who may own what the pool says is the node's, unless that is lost
   */
  public PoolClaim(Storage storage, LocalNode home, NodeMemory memory) {
    this.storage = storage;
    this.home = home;
    this.peers = memory.peers();
    this.named = new NamedNodes(storage, memory.journals().confirmations());
  }

  /**
   * Marks the pool as this node's, unless it is marked so. Of one in which the node owns nothing,
   * as of every pool that it has never seen, no peer can own anything either.
   *
   * @throws FailureException {@code FOREIGN_POOL} if it is marked as another node's
   */
  public void claimPool() throws FailureException {
    Optional<NodeId> marked = storage.pool().node();
    if (marked.isEmpty()) {
      AllOrNothing.finish(
          () -> storage.markPool(home.node()),
          () -> storage.pool().node().equals(Optional.of(home.node())));
    } else if (!marked.get().equals(home.node())) {
      throw OwnershipFailure.FOREIGN_POOL
          .because(
              "pool "
                  + storage.poolName()
                  + " belongs to node "
                  + marked.get()
                  + ", this is node "
                  + home.node())
          .with("owner", marked.get());
    }
    if (peers.forgotten().isPresent()) {
      List<DatasetHead> heads = storage.heads();
      if (heads.stream().noneMatch(this::mayBeOwned)) {
        peers.begin();
      } else {
        peers.name(named.in(heads));
      }
    }
  }

  /**
   * Whether its record may say that this node owns it: one that cannot be read may say anything,
   * and what has none was never anybody else's.
   */
  private boolean mayBeOwned(DatasetHead head) {
    return head.isRecordUnreadable()
        || head.record().filter(record -> Role.of(record, home.node()) == Role.OWNER).isPresent();
  }

  /**
   * Keeps boots and receives from making volumes writable. Where ZFS refuses, the log says so and
   * the volumes are served all the same.
   */
  public void guardPool() {
    try {
      storage.guardPool();
    } catch (FailureException e) {
      Action.message(MessageType.POOL_UNGUARDED, Map.of("reason", e.detail()));
    }
  }
}
