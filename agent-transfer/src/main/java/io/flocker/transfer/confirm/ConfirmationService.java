package io.flocker.transfer.confirm;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantDocument;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.Confirmations;
import io.flocker.core.volume.EpochMemory;
import io.flocker.core.volume.Fencing;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.RevertedCopies;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeHead;
import io.flocker.core.volume.ownership.Tenure;
import io.flocker.transfer.protocol.ConfirmAnswer;
import io.flocker.transfer.protocol.ConfirmRequest;
import java.util.Optional;

/**
 * Answers peers that ask whether they own what they have on record. From memory, without a lock,
 * where nothing is shown that this node does not know. Blocking; any thread.
 */
public final class ConfirmationService {
  private final VolumeCatalog catalog;
  private final Fencing fencing;
  private final RevertedCopies reverted;
  private final GrantKeeper grants;
  private final EpochMemory epochs;
  private final Confirmations confirmations;
  private final NodeId self;

  public ConfirmationService(NodeVolumes node) {
    this.catalog = node.catalog();
    this.fencing = node.fencing();
    this.reverted = node.reverted();
    this.grants = node.memory().grants();
    this.epochs = node.memory().epochs();
    this.confirmations = node.confirmations();
    this.self = node.self();
  }

  /**
   * Acts upon what is shown, then says what this node knows.
   *
   * @param caller who asks
   * @throws FailureException {@code VOLUME_LOCKED} while the volume is taken over here on an
   *     operator's word that the caller cannot write it
   */
  public ConfirmAnswer answer(NodeId caller, VolumeId id, ConfirmRequest question)
      throws FailureException {
    if (confirmations.isTakenFrom(id, caller)) {
      throw OwnershipFailure.VOLUME_LOCKED.because(
          ("node %s takes volume %s over just now, on an operator's word that node %s cannot write"
                  + " it: it answers once that is decided")
              .formatted(self, id, caller));
    }
    Optional<Tenure> asked = question.tenure();
    if (asked.isPresent()) {
      GrantChain shown = question.grants().map(GrantDocument::chain).orElse(GrantChain.EMPTY);
      fencing.show(id, asked.get(), shown);
      reverted.show(id, asked.get(), shown);
    }
    Optional<VolumeHead> here = catalog.known(id).stream().findFirst();
    // A replica's epoch may be one that its first stream claimed, and nobody has proven.
    long onRecord =
        here.filter(head -> head.role() != Role.REPLICA).map(VolumeHead::epoch).orElse(0L);
    long highest = Math.max(epochs.highest(id), onRecord);
    Optional<Tenure> known = known(id, here, highest, asked);
    boolean isAgreed = known.isEmpty() ? highest == 0 : known.equals(asked);
    return new ConfirmAnswer(
        here.map(VolumeHead::role),
        known.map(Tenure::owner).or(() -> here.map(VolumeHead::owner)),
        known.map(Tenure::epoch).orElse(here.map(VolumeHead::epoch).orElse(0L)),
        known.map(Tenure::operation),
        highest,
        here.isPresent() ? fencing.writable(here.get()) : Optional.empty(),
        isAgreed
            ? Optional.empty()
            : Optional.of(GrantDocument.of(grants.withCreation(id, highest))));
  }

  /** The latest owner who is proven here, or on record. */
  private Optional<Tenure> known(
      VolumeId id, Optional<VolumeHead> here, long highest, Optional<Tenure> asked)
      throws FailureException {
    if (highest > here.map(VolumeHead::epoch).orElse(0L)) {
      Optional<Tenure> seen = grants.at(id, highest).map(Tenure::of);
      return seen.isPresent() ? seen : here.flatMap(VolumeHead::tenure);
    }
    if (here.isEmpty() || here.get().role() != Role.REPLICA) {
      return here.flatMap(VolumeHead::tenure);
    }
    VolumeHead copy = here.get();
    boolean isTheirs =
        asked
            .filter(one -> one.owner().equals(copy.owner()) && one.epoch() == copy.epoch())
            .isPresent();
    return isTheirs
        ? asked
        : grants
            .at(id, copy.epoch())
            .map(Tenure::of)
            .filter(one -> one.owner().equals(copy.owner()));
  }
}
