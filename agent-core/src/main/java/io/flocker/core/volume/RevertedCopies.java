package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.volume.ownership.Tenure;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows the copies of volumes that this node owned at a later epoch: its pool went back to before
 * that. Whoever gave such a volume away takes it for this node's, so that nobody can write it, and
 * no other node sees that. Once somebody owns it at a still later epoch, it is none of these. Any
 * thread may call; where there are such copies the disk is asked.
 */
public final class RevertedCopies {
  private final NodeId self;
  private final VolumeCatalog catalog;
  private final EpochMemory epochs;
  private final GrantKeeper grants;

  /** Of which the log of this run tells. */
  private final Set<VolumeId> told = ConcurrentHashMap.newKeySet();

  RevertedCopies(NodeId self, VolumeCatalog catalog, NodeMemory memory) {
    this.self = self;
    this.catalog = catalog;
    this.epochs = memory.epochs();
    this.grants = memory.grants();
  }

  /** What happened to each, and what is to be done, by volume, in order; empty if all is well. */
  public Map<VolumeId, String> list() throws FailureException {
    Map<VolumeId, String> found = new LinkedHashMap<>();
    for (VolumeHead head : catalog.known()) {
      reason(head).ifPresent(why -> found.put(head.id(), why));
    }
    return found;
  }

  /**
   * How a volume stands: why nobody has it mounted, if its copy is such a one.
   *
   * @param known how it stands otherwise
   */
  public MountStatus status(Volume volume, MountStatus known) {
    try {
      return reason(volume.head())
          .map(why -> new MountStatus(known.state(), Optional.of(why)))
          .orElse(known);
    } catch (FailureException _) {
      return known; // While the state folder's disk is away that is told of.
    }
  }

  /**
   * Learns who has become the owner of such a volume since, where that is proven: a mere copy is
   * told by its owner's streams alone, and those may not fit what is here.
   *
   * @param tenure who is shown to own the volume, whoever shows it
   */
  public void show(VolumeId id, Tenure tenure, GrantChain shown) {
    try {
      for (VolumeHead head : catalog.known(id)) {
        if (tenure.epoch() > epochs.highest(id) && reason(head).isPresent()) {
          GrantChain.Tenure own = new GrantChain.Tenure(self, epochs.highest(id));
          GrantChain.Tenure later = new GrantChain.Tenure(tenure.owner(), tenure.epoch());
          grants.keep(grants.prove(id, own, later, shown).grants());
          epochs.observe(id, tenure.epoch());
          catalog.events().reverted(head);
        }
      }
    } catch (GrantChain.UnprovenException _) {
      // It stays as it is.
    } catch (FailureException e) {
      Action.traceback(e); // Who asks is answered all the same.
    }
  }

  /** Tells the log and whoever listens of those that were not there at the look before. */
  void look() {
    try {
      Map<VolumeId, String> found = list();
      boolean _ = told.retainAll(found.keySet());
      for (Map.Entry<VolumeId, String> one : found.entrySet()) {
        if (told.add(one.getKey())) {
          tell(one.getKey(), one.getValue());
        }
      }
    } catch (FailureException e) {
      Action.traceback(e); // Whoever asks for the node's warnings looks again.
    }
  }

  private void tell(VolumeId id, String why) throws FailureException {
    for (VolumeHead head : catalog.known(id)) {
      catalog.events().reverted(head);
      Action.message(
          MessageType.VOLUME_REVERTED,
          Map.of(
              "volume", id.toString(),
              "epoch", head.epoch(),
              "remembered", epochs.highest(id),
              "reason", why));
    }
  }

  /**
   * This node's own epoch is remembered once the pool bears the record of it: a grant that was
   * shown, and never carried out, is not taken for an ownership.
   */
  private Optional<String> reason(VolumeHead head) throws FailureException {
    long highest = epochs.highest(head.id());
    boolean isDecided = head.role() == Role.OWNER || head.role() == Role.CONTESTED;
    return isDecided || head.epoch() >= highest
        ? Optional.empty()
        : grants.all(head.id()).grants().stream()
            .filter(signed -> signed.grant().epoch() == highest)
            .filter(signed -> signed.grant().to().equals(self))
            .findFirst()
            .map(signed -> words(head, signed));
  }

  private String words(VolumeHead head, SignedGrant signed) {
    Grant grant = signed.grant();
    String way =
        signed.isTakeover()
            ? "An operator had taken it from node %s: flocker volume takeover %s, on node %s, which names the node whose copy is later, if there is one"
                .formatted(grant.from(), head.name(), self)
            : "Node %1$s, which had given it here, has all that was written before: flocker volume takeover %2$s, on node %1$s, unless flocker volume show %2$s tells a later snapshot on another node"
                .formatted(grant.from(), head.name());
    return "node %s owned it at epoch %d, and its pool went back since to a copy of epoch %d: nobody can write it. %s"
        .formatted(self, grant.epoch(), head.epoch(), way);
  }
}
