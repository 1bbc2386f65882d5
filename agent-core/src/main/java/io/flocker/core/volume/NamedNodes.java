package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.storage.DatasetHead;
import io.flocker.core.storage.Holds;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.Storage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds which nodes a node has dealt with, where it has forgotten its peers: in its records, in the
 * holds of what it sent, as far as this ZFS tells whose they are, and in what is left of its state
 * folder. They need not be all. One thread only; blocks on ZFS.
 */
final class NamedNodes {
  /** Of datasets, each of which costs a few commands. */
  private static final int MOST_ASKED = 10;

  private final Storage storage;
  private final ConfirmationJournal confirmations;

  NamedNodes(Storage storage, ConfirmationJournal confirmations) {
    this.storage = storage;
    this.confirmations = confirmations;
  }

  /**
   * The nodes that are named, this one maybe among them.
   *
   * @param heads of all datasets of the pool
   */
  Set<NodeId> in(List<DatasetHead> heads) {
    Set<NodeId> named = new LinkedHashSet<>();
    heads.forEach(head -> head.record().map(OwnershipRecord::node).ifPresent(named::add));
    try {
      confirmations.list().stream().map(Confirmation::peer).forEach(named::add);
      for (DatasetHead head : heads.stream().limit(MOST_ASKED).toList()) {
        storage.holds(head.name()).values().forEach(holds -> add(holds, named));
      }
    } catch (FailureException e) {
      Action.traceback(e); // People are told of the others.
    }
    return named;
  }

  private static void add(Holds holds, Set<NodeId> named) {
    for (String tag : holds.tags()) {
      if (Hold.parse(tag).orElse(null) instanceof Hold.Peer peer) {
        boolean _ = named.add(peer.peer());
      }
    }
  }
}
