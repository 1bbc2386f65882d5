package io.flocker.core.volume.ownership;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import java.util.Optional;

/** What a node answers whose claim to own a volume is not believed. Pure; any thread. */
final class ClaimRefusals {
  private final NodeId self;

  /** Refuses as the node {@code self}. */
  ClaimRefusals(NodeId self) {
    this.self = self;
  }

  /**
   * That {@code owner} owns the volume at that epoch, as he says himself.
   *
   * @param doubt why he has not shown how it came to him, as in the events
   */
  record Said(VolumeId lineage, NodeId owner, long epoch, Optional<String> doubt) {}

  /** This node keeps a superseded copy, and takes nothing into that. */
  FailureException superseded(OwnershipRecord known) {
    return OwnershipFailure.SUPERSEDED
        .because(
            "node "
                + self
                + " keeps a copy of volume "
                + known.lineage()
                + " that node "
                + known.node()
                + " has superseded, at epoch "
                + known.epoch()
                + ", and takes nothing into it. Nothing was changed")
        .with("owner", known.node());
  }

  /** Another node is the owner on record, and nothing shows that it gave the volume away. */
  FailureException unproven(OwnershipRecord known, Said said, String doubt) {
    return OwnershipFailure.NOT_GRANTED
        .because(
            "node "
                + self
                + " has it on record that node "
                + known.node()
                + " owns volume "
                + known.lineage()
                + ", at epoch "
                + known.epoch()
                + "; node "
                + said.owner()
                + " says that it does, at epoch "
                + said.epoch()
                + ", and has not shown that it was given to it ("
                + doubt
                + "). Nothing was changed")
        .with("owner", known.node());
  }

  /** This node owns the volume itself. */
  FailureException ownedHere(OwnershipRecord known, Said said) {
    return OwnershipFailure.OWNED_HERE
        .because(
            "node "
                + self
                + " owns volume "
                + known.lineage()
                + ", at epoch "
                + known.epoch()
                + "; "
                + sentence(said, said.epoch() > known.epoch() && said.doubt().isEmpty()))
        .with("owner", self);
  }

  /** Two nodes claim the volume, or nobody can say whose it is. */
  FailureException contested(Optional<OwnershipRecord> record, Said said) {
    String here =
        record
            .map(known ->
                " has it on record that node "
                    + known.node()
                    + " owns volume "
                    + known.lineage()
                    + ", at epoch "
                    + known.epoch()
                    + (known.state() == OwnershipState.CONTESTED ? ", contested" : ""))
            .orElseGet(() -> " cannot tell who owns volume " + said.lineage());
    FailureException why =
        OwnershipFailure.CONTESTED.because("node " + self + here + "; " + sentence(said, false));
    return record.map(known -> why.with("owner", known.node())).orElse(why);
  }

  private static String sentence(Said said, boolean isProven) {
    return "node "
        + said.owner()
        + " says that it does, at epoch "
        + said.epoch()
        + (isProven ? ", and shows that it was given to it" : ", and brings no proof")
        + ". Nothing was changed";
  }
}
