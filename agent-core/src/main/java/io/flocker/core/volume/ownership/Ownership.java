package io.flocker.core.volume.ownership;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.ownership.ClaimRefusals.Said;
import io.flocker.core.volume.ownership.OwnershipEffect.Announce;
import io.flocker.core.volume.ownership.OwnershipEffect.Fence;
import io.flocker.core.volume.ownership.OwnershipEffect.Forget;
import io.flocker.core.volume.ownership.OwnershipEffect.Protect;
import io.flocker.core.volume.ownership.OwnershipEffect.Refuse;
import io.flocker.core.volume.ownership.OwnershipEffect.Write;
import io.flocker.core.volume.ownership.OwnershipEvent.Acquired;
import io.flocker.core.volume.ownership.OwnershipEvent.Adopted;
import io.flocker.core.volume.ownership.OwnershipEvent.Claimed;
import io.flocker.core.volume.ownership.OwnershipEvent.Created;
import io.flocker.core.volume.ownership.OwnershipEvent.Delivered;
import io.flocker.core.volume.ownership.OwnershipEvent.Diverged;
import io.flocker.core.volume.ownership.OwnershipEvent.Evidence;
import io.flocker.core.volume.ownership.OwnershipEvent.Received;
import io.flocker.core.volume.ownership.OwnershipEvent.Released;
import io.flocker.core.volume.ownership.OwnershipEvent.SetAside;
import io.flocker.core.volume.ownership.OwnershipEvent.Shown;
import io.flocker.core.volume.ownership.OwnershipEvent.TakenOver;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The rules of who owns a volume, as one node applies them to the record of one dataset. Pure: the
 * same record and event always lead to the same decision, and whoever calls carries it out. Any
 * thread may call.
 */
public final class Ownership {
  private final NodeId self;
  private final ClaimRefusals refusals;

  /** The rules at the node {@code self}. */
  public Ownership(NodeId self) {
    this.self = self;
    this.refusals = new ClaimRefusals(self);
  }

  /**
   * Says what an event leads to.
   *
   * @param record the record that the dataset bears; empty if there is none, or a void one
   */
  public OwnershipDecision decide(Optional<OwnershipRecord> record, OwnershipEvent event) {
    return switch (event) {
      case Created created ->
          begin(
              record,
              created.lineage(),
              created.operation(),
              created.dataset(),
              created.hasFreshId());
      case Adopted adopted ->
          begin(record, adopted.lineage(), adopted.operation(), adopted.dataset(), true);
      case Claimed claimed -> claim(record, claimed);
      case Received received -> receive(record, received);
      case Released released -> release(record, released);
      case Acquired acquired -> acquire(record, acquired);
      case Delivered _ -> deliver(record);
      case Shown shown -> learn(record, shown);
      case TakenOver takenOver -> takeOver(record, takenOver);
      case SetAside _ -> setAside(record);
      case Diverged diverged -> giveUp(record, diverged);
    };
  }

  /** A volume's first owner here; whoever made or found it tells of it, with all that it has. */
  private OwnershipDecision begin(
      Optional<OwnershipRecord> record,
      VolumeId lineage,
      UUID operation,
      Guid dataset,
      boolean hasFreshId) {
    if (record.isPresent()) {
      return refused(
          record,
          OwnershipFailure.VOLUME_EXISTS
              .because("the dataset is volume " + record.get().lineage() + " already")
              .with("volume", record.get().lineage()));
    }
    OwnershipRecord first =
        new OwnershipRecord(
            lineage,
            0,
            self,
            OwnershipState.OWNED,
            operation,
            hasFreshId ? Grant.FRESH_ID : Guid.NONE,
            dataset);
    return new OwnershipDecision(Optional.of(first), List.of(new Write(first)));
  }

  /** A claim alone is no proof: it is believed or refused, and nothing is written either way. */
  private OwnershipDecision claim(Optional<OwnershipRecord> record, Claimed claimed) {
    Said said = new Said(claimed.lineage(), claimed.claimant(), claimed.epoch(), claimed.doubt());
    Optional<FailureException> objection =
        claimed.isContested()
            ? Optional.of(refusals.contested(record, said))
            : objection(record, said)
                .or(() -> Epochs.stale(claimed.lineage(), claimed.highest(), claimed.epoch()));
    return objection.map(why -> refused(record, why)).orElseGet(() -> unchanged(record));
  }

  private Optional<FailureException> objection(Optional<OwnershipRecord> record, Said said) {
    if (record.isEmpty()) {
      // The first word counts, as far as there is a way on from it.
      return Epochs.unheard(said.lineage(), said.epoch(), said.doubt().isEmpty());
    }
    OwnershipRecord known = record.get();
    boolean isContested =
        known.state() == OwnershipState.CONTESTED
            || (known.epoch() == said.epoch() && !known.node().equals(said.owner()));
    if (isContested) {
      return Optional.of(refusals.contested(record, said));
    }
    Optional<FailureException> stale =
        Epochs.stale(said.lineage(), known.epoch(), said.epoch())
            .map(why -> why.with("owner", known.node()));
    if (stale.isPresent()) {
      return stale;
    }
    if (known.state() == OwnershipState.SUPERSEDED) {
      return Optional.of(refusals.superseded(known));
    }
    return isOwnedHere(known)
        ? Optional.of(refusals.ownedHere(known, said))
        : Epochs.beyond(said.lineage(), known.epoch(), said.epoch())
            .or(() -> said.doubt().map(doubt -> refusals.unproven(known, said, doubt)));
  }

  private OwnershipDecision receive(Optional<OwnershipRecord> record, Received received) {
    if (record.filter(known -> says(known, received)).isPresent()) {
      return unchanged(record);
    }
    Optional<FailureException> objection =
        objection(
                record,
                new Said(received.lineage(), received.owner(), received.epoch(), received.doubt()))
            .or(() -> Epochs.stale(received.lineage(), received.highest(), received.epoch()));
    if (objection.isPresent()) {
      return refused(record, objection.get());
    }
    OwnershipRecord copy =
        new OwnershipRecord(
            received.lineage(),
            received.epoch(),
            received.owner(),
            OwnershipState.OWNED,
            received.operation(),
            Guid.NONE,
            received.dataset());
    return new OwnershipDecision(
        Optional.of(copy),
        List.of(new Protect(), new Write(copy), new Announce(copy, record.isEmpty())));
  }

  private static boolean says(OwnershipRecord record, Received received) {
    return record.lineage().equals(received.lineage())
        && record.epoch() == received.epoch()
        && record.node().equals(received.owner())
        && record.state() == OwnershipState.OWNED;
  }

  private OwnershipDecision release(Optional<OwnershipRecord> record, Released released) {
    if (record.filter(this::isOwnedHere).isEmpty()) {
      return refused(
          record, OwnershipFailure.NOT_OWNER.because("this node does not own the volume"));
    }
    OwnershipRecord owned = record.get();
    Optional<FailureException> last =
        Epochs.beyond(owned.lineage(), owned.epoch(), owned.epoch() + 1);
    if (last.isPresent()) {
      return refused(record, last.get());
    }
    return changed(
        new OwnershipRecord(
            owned.lineage(),
            owned.epoch() + 1,
            released.to(),
            OwnershipState.RELEASED,
            released.operation(),
            released.finalSnapshot(),
            owned.dataset()));
  }

  private OwnershipDecision acquire(Optional<OwnershipRecord> record, Acquired acquired) {
    if (record.isEmpty()) {
      return refused(
          record, OwnershipFailure.NOT_RELEASED.because("nobody has said yet whose copy this is"));
    }
    OwnershipRecord copy = record.get();
    if (isRepeat(copy, acquired)) {
      return unchanged(record);
    }
    Optional<FailureException> objection = objection(copy, acquired);
    if (objection.isPresent()) {
      return refused(record, objection.get());
    }
    return changed(
        new OwnershipRecord(
            copy.lineage(),
            acquired.epoch(),
            self,
            OwnershipState.OWNED,
            acquired.operation(),
            acquired.finalSnapshot(),
            copy.dataset()));
  }

  private boolean isRepeat(OwnershipRecord record, Acquired acquired) {
    return isOwnedHere(record)
        && record.epoch() == acquired.epoch()
        && record.operation().equals(acquired.operation());
  }

  private Optional<FailureException> objection(OwnershipRecord copy, Acquired acquired) {
    if (acquired.epoch() <= copy.epoch()) {
      return Optional.of(
          OwnershipFailure.STALE_EPOCH
              .because(
                  "volume "
                      + copy.lineage()
                      + " is at epoch "
                      + copy.epoch()
                      + ", the grant is of epoch "
                      + acquired.epoch())
              .with("owner", copy.node()));
    }
    boolean isNext =
        !acquired.isContested()
            && isOthers(OwnershipState.OWNED, copy)
            && copy.node().equals(acquired.releasedBy())
            && copy.epoch() + 1 == acquired.epoch();
    if (!isNext) {
      return Optional.of(
          OwnershipFailure.NOT_RELEASED.because(
              "volume "
                  + copy.lineage()
                  + " is "
                  + (acquired.isContested() ? OwnershipState.CONTESTED : copy.state())
                  + " by node "
                  + copy.node()
                  + " at epoch "
                  + copy.epoch()
                  + " here: a grant of epoch "
                  + acquired.epoch()
                  + " by node "
                  + acquired.releasedBy()
                  + " does not follow"));
    }
    Optional<FailureException> last = Epochs.beyond(copy.lineage(), copy.epoch(), acquired.epoch());
    if (last.isPresent()) {
      return last;
    }
    if (!acquired.latest().equals(Optional.of(acquired.finalSnapshot()))) {
      return Optional.of(
          OwnershipFailure.NOT_RELEASED.because(
              "volume "
                  + copy.lineage()
                  + " ends with "
                  + acquired.latest().map(Guid::toString).orElse("nothing")
                  + " here, the final snapshot is "
                  + acquired.finalSnapshot()));
    }
    return Optional.empty();
  }

  private OwnershipDecision deliver(Optional<OwnershipRecord> record) {
    if (record.filter(known -> isOthers(OwnershipState.RELEASED, known)).isPresent()) {
      return changed(in(OwnershipState.OWNED, record.get()));
    }
    return record.filter(known -> isOthers(OwnershipState.OWNED, known)).isPresent()
        ? unchanged(record)
        : refused(
            record,
            OwnershipFailure.NOT_RELEASED.because("this node has released the volume to nobody"));
  }

  /** Of what is shown only what is proven and comes later changes anything, or what rivals it. */
  private OwnershipDecision learn(Optional<OwnershipRecord> record, Shown shown) {
    if (record.isEmpty()
        || !Epochs.isPossible(shown.epoch())
        || isOthers(OwnershipState.OWNED, record.get())) {
      return unchanged(record); // A copy follows by a stream alone.
    }
    OwnershipRecord known = record.get();
    if (isSameTenure(known, shown)) {
      return isOthers(OwnershipState.RELEASED, known) ? deliver(record) : unchanged(record);
    }
    boolean isIgnored =
        switch (shown.evidence()) {
          case NONE -> true;
          case CREATED_AGAIN -> shown.hasConfirmed();
          case GRANTED, TAKEN_OVER, BRANCHED -> false;
        };
    // What no volume can be at is not what the node was, either: anything proven comes later.
    long epoch = Epochs.isPossible(known.epoch()) ? known.epoch() : -1;
    if (isIgnored || shown.epoch() < epoch) {
      return unchanged(record); // Who is behind is told so, and stops.
    }
    boolean comesAfter =
        shown.epoch() > epoch
            && (shown.evidence() == Evidence.GRANTED || shown.evidence() == Evidence.TAKEN_OVER);
    if (!comesAfter) {
      return contest(known);
    }
    // What was released here has all that was written here; who owns it now got it from there.
    return known.state() == OwnershipState.RELEASED && shown.evidence() == Evidence.GRANTED
        ? changed(of(shown, OwnershipState.OWNED, known))
        : fenced(of(shown, OwnershipState.SUPERSEDED, known));
  }

  /** Two that name one operation are two all the same if they name two owners. */
  private static boolean isSameTenure(OwnershipRecord record, Shown shown) {
    return record.epoch() == shown.epoch()
        && record.operation().equals(shown.operation())
        && record.node().equals(shown.owner());
  }

  private OwnershipDecision contest(OwnershipRecord known) {
    return known.state() == OwnershipState.OWNED || known.state() == OwnershipState.RELEASED
        ? fenced(in(OwnershipState.CONTESTED, known))
        : unchanged(Optional.of(known));
  }

  private OwnershipDecision takeOver(Optional<OwnershipRecord> record, TakenOver takenOver) {
    if (record.isEmpty()) {
      return refused(
          record, OwnershipFailure.NOT_RELEASED.because("nobody has said yet whose copy this is"));
    }
    OwnershipRecord known = record.get();
    if (isOwnedHere(known)
        && known.epoch() == takenOver.epoch()
        && known.operation().equals(takenOver.operation())) {
      return unchanged(record);
    }
    Optional<FailureException> objection =
        Epochs.stale(known.lineage(), known.epoch() + 1, takenOver.epoch())
            .or(() -> Epochs.impossible(known.lineage(), takenOver.epoch()));
    if (objection.isPresent()) {
      return refused(record, objection.get());
    }
    return changed(
        new OwnershipRecord(
            known.lineage(),
            takenOver.epoch(),
            self,
            OwnershipState.OWNED,
            takenOver.operation(),
            takenOver.finalSnapshot(),
            known.dataset()));
  }

  private OwnershipDecision setAside(Optional<OwnershipRecord> record) {
    return record.filter(known -> known.state() == OwnershipState.SUPERSEDED).isPresent()
        ? new OwnershipDecision(Optional.empty(), List.of(new Forget()))
        : refused(
            record,
            OwnershipFailure.NOT_SUPERSEDED.because(
                "node " + self + " knows of no later owner than its record names"));
  }

  private OwnershipDecision giveUp(Optional<OwnershipRecord> record, Diverged diverged) {
    boolean isTheirs =
        record
            .filter(known -> isOthers(OwnershipState.OWNED, known))
            .filter(known -> known.node().equals(diverged.owner()))
            .filter(known -> known.epoch() == diverged.epoch())
            .isPresent();
    return isTheirs
        ? new OwnershipDecision(Optional.empty(), List.of(new Forget()))
        : refused(
            record,
            OwnershipFailure.NOT_OWNER.because(
                "this is no copy of what node %s owns at epoch %d"
                    .formatted(diverged.owner(), diverged.epoch())));
  }

  private boolean isOthers(OwnershipState state, OwnershipRecord record) {
    return record.state() == state && !record.node().equals(self);
  }

  private boolean isOwnedHere(OwnershipRecord record) {
    return record.state() == OwnershipState.OWNED && record.node().equals(self);
  }

  /** The same record in another state. */
  private static OwnershipRecord in(OwnershipState state, OwnershipRecord record) {
    return new OwnershipRecord(
        record.lineage(),
        record.epoch(),
        record.node(),
        state,
        record.operation(),
        record.finalSnapshot(),
        record.dataset());
  }

  /** The record of a copy whose owner is the one who was shown. */
  private static OwnershipRecord of(Shown shown, OwnershipState state, OwnershipRecord record) {
    return new OwnershipRecord(
        record.lineage(),
        shown.epoch(),
        shown.owner(),
        state,
        shown.operation(),
        record.finalSnapshot(),
        record.dataset());
  }

  private static OwnershipDecision fenced(OwnershipRecord record) {
    return new OwnershipDecision(
        Optional.of(record), List.of(new Fence(), new Write(record), new Announce(record, false)));
  }

  private static OwnershipDecision changed(OwnershipRecord record) {
    return new OwnershipDecision(
        Optional.of(record), List.of(new Write(record), new Announce(record, false)));
  }

  private static OwnershipDecision unchanged(Optional<OwnershipRecord> record) {
    return new OwnershipDecision(record, List.of());
  }

  private static OwnershipDecision refused(Optional<OwnershipRecord> record, FailureException why) {
    return new OwnershipDecision(record, List.of(new Refuse(why)));
  }
}
