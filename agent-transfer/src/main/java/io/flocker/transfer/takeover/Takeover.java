package io.flocker.transfer.takeover;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.volume.Confirmations;
import io.flocker.core.volume.EpochMemory;
import io.flocker.core.volume.Fencing;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.OperatorChoices;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeCatalog;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeMounter;
import io.flocker.core.volume.ownership.Epochs;
import io.flocker.http.api.TakeoverProposal;
import io.flocker.transfer.protocol.ConfirmAnswer;
import io.flocker.transfer.protocol.ConfirmRequest;
import io.flocker.transfer.protocol.PeerVolumes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes this node the owner of a volume by force, or has its superseded copy set aside, as an
 * operator decides. Blocking; any thread may call.
 *
 * <p>In two steps, since the operator's key never comes here: first this says what has to be
 * signed, having asked all peers; then, on what was signed, it asks them again and does it.
 */
public final class Takeover {
  /** For a person to read what he is to sign; what is older is asked for anew. */
  private static final Duration LONGEST_THOUGHT = Duration.ofHours(1);

  /** Why somebody takes a volume. */
  public enum Reason {
    /** Its owner is gone, or whoever has to confirm that it is this node. */
    OWNER_GONE,
    /**
     * Two nodes claim it, each with proof or each unconvinced by the other, or a later owner has
     * superseded this one; and this copy lives on.
     */
    CONTEST
  }

  private final NodeId self;
  private final VolumeCatalog catalog;
  private final VolumeLocks locks;
  private final VolumeMounter mounter;
  private final EpochMemory epochs;
  private final GrantKeeper grants;
  private final PeerBook peers;
  private final PeerVolumes others;
  private final Confirmations confirmations;
  private final Fencing fencing;
  private final OperatorChoices choices;
  private final InstantSource clock;

  public Takeover(NodeVolumes node, PeerVolumes others, InstantSource clock) {
    this.self = node.self();
    this.catalog = node.catalog();
    this.locks = node.locks();
    this.mounter = node.mounter();
    this.epochs = node.memory().epochs();
    this.grants = node.memory().grants();
    this.peers = node.memory().peers();
    this.others = others;
    this.confirmations = node.confirmations();
    this.fencing = node.fencing();
    this.choices = new OperatorChoices(node);
    this.clock = clock;
  }

  /**
   * Says what an operator has to sign to make this node the owner; changes nothing.
   *
   * @param fenced nodes that cannot write, as he has made sure
   * @throws FailureException {@code PEERS_UNANSWERED}, {@code OWNER_ANSWERS}, or what else stands
   *     in the way
   */
  public TakeoverProposal propose(VolumeId id, Reason reason, Set<NodeId> fenced)
      throws FailureException {
    Volume copy = catalog.require(id);
    requireSensible(copy, reason);
    choices.requireTakeable(copy);
    Survey survey = survey(copy);
    judge(copy, survey, reason, fenced);
    survey.requireNothingLater(self, copy, fenced);
    Grant grant =
        new Grant(
            id,
            highest(copy, survey) + 1,
            copy.owner(),
            self,
            Uuids.at(clock.instant()),
            OperatorChoices.last(copy),
            clock.instant());
    return new TakeoverProposal(
        grant.text(),
        grant.epoch(),
        grant.operation(),
        grant.from(),
        grant.to(),
        TakeoverProposal.last(copy.dataset().latest()),
        survey.told());
  }

  /**
   * Makes this node the owner, as was signed; the volume is mounted as soon as nobody objects. May
   * be repeated at any time, which says again who is fenced.
   *
   * @param caller who asks for it
   * @throws FailureException as {@link #propose}; {@code NOT_GRANTED} where what was signed counts
   *     for nothing, {@code STALE_EPOCH} where it has been overtaken
   */
  public Volume take(
      Principal caller, VolumeId id, Reason reason, SignedGrant signed, Set<NodeId> fenced)
      throws FailureException {
    Grant grant = signed.grant();
    requireSound(id, signed);
    Volume copy = catalog.require(id);
    if (isDone(copy, grant)) {
      sayAgain(copy, signed, fenced);
      return copy;
    }
    requireSensible(copy, reason);
    requireFresh(grant);
    choices.requireTakeable(copy);
    Survey survey;
    // Whoever was confirmed before is there now, and answers.
    try (Confirmations.Taking _ = confirmations.taking(id, fenced)) {
      survey = survey(copy);
      judge(copy, survey, reason, fenced);
      survey.requireNothingLater(self, copy, fenced);
      if (!isForgotten(copy, grant, survey)) {
        requireNext(grant, highest(copy, survey));
      }
      try (VolumeLocks.Lease _ = locks.own(id, "takeover " + grant.operation())) {
        choices.take(catalog.require(id), signed);
      }
    }
    Action.message(
        MessageType.VOLUME_TAKEN_OVER,
        Map.of(
            "volume", id.toString(),
            "epoch", grant.epoch(),
            "operation", grant.operation().toString(),
            "from", grant.from().toString(),
            "caller", caller.name(),
            "signer", signed.signer().certificate().getSubjectX500Principal().getName(),
            "fenced", fenced.stream().map(NodeId::toString).sorted().toList(),
            "unanswered",
                survey.silences().keySet().stream().map(NodeId::toString).sorted().toList(),
            "finalSnapshot", grant.finalSnapshot().toString()));
    confirmations.fenced(id, grant.operation(), fenced);
    mounter.want(id);
    return catalog.require(id);
  }

  /**
   * Keeps this node's superseded copy under another name; the node that is kept is asked first,
   * should it not have shown that it owns the volume.
   *
   * @param keep the node whose copy lives on
   * @return what it is now
   * @throws FailureException {@code NOT_SUPERSEDED} unless that node has shown that it owns the
   *     volume since
   */
  public Volume setAside(VolumeId id, NodeId keep) throws FailureException {
    learn(catalog.require(id), keep);
    try (VolumeLocks.Lease _ = locks.own(id, "resolve")) {
      String dataset = choices.setAside(catalog.require(id), keep);
      catalog.lookAround(); // It is another volume from now on.
      return catalog
          .at(dataset)
          .orElseThrow(() ->
              OwnershipFailure.VOLUME_NOT_FOUND.because("the dataset " + dataset + " is gone"));
    }
  }

  /** Asks the node that is kept what it can prove; this node may be put out by that. */
  private void learn(Volume copy, NodeId keep) throws FailureException {
    if (copy.role() == Role.SUPERSEDED && copy.owner().equals(keep)) {
      return;
    }
    ConfirmAnswer answer = others.confirm(keep, copy.id(), ConfirmRequest.BLANK);
    if (answer.tenure().isPresent()) {
      fencing.show(copy.id(), answer.tenure().get(), answer.proof());
    }
  }

  /** Says again what a new daemon does not know, and a state folder that went back may lack. */
  private void sayAgain(Volume copy, SignedGrant signed, Set<NodeId> fenced)
      throws FailureException {
    grants.accept(signed);
    confirmations.fenced(copy.id(), signed.grant().operation(), fenced);
    if (!copy.dataset().isMounted()) {
      mounter.want(copy.id());
    }
  }

  /**
   * Whether this node has carried it out before, and its pool went back since: it is what its state
   * folder knows of the highest epoch, and nobody who answers knows another owner of that epoch.
   */
  private boolean isForgotten(Volume copy, Grant grant, Survey survey) throws FailureException {
    return copy.epoch() < grant.epoch()
        && epochs.highest(copy.id()) == grant.epoch()
        && grants.at(copy.id(), grant.epoch()).equals(Optional.of(grant))
        && survey.leavesTo(self, grant.epoch());
  }

  private boolean isDone(Volume copy, Grant grant) {
    return copy.role() == Role.OWNER
        && copy.dataset()
            .record()
            .filter(record -> record.epoch() == grant.epoch())
            .filter(record -> record.operation().equals(grant.operation()))
            .isPresent();
  }

  private void requireSensible(Volume copy, Reason reason) throws FailureException {
    if (copy.role() == Role.OWNER && reason == Reason.OWNER_GONE && !isWaiting(copy)) {
      throw ownedAlready(copy);
    }
    boolean isDisputed = copy.role() != Role.REPLICA && copy.role() != Role.RELEASED;
    if (reason == Reason.CONTEST && !isDisputed) {
      throw OwnershipFailure.NOT_SUPERSEDED.because(
          "node %s is %s of volume %s, which is neither contested nor superseded here: nothing is to be resolved"
              .formatted(self, copy.role(), copy.id()));
    }
  }

  /** Whether the volume waits for the word of a peer, which may never answer again. */
  private boolean isWaiting(Volume copy) {
    return mounter.status(copy).state() == MountStatus.State.UNCONFIRMED;
  }

  private FailureException ownedAlready(Volume copy) {
    return OwnershipFailure.OWNED_HERE
        .because("node %s owns volume %s already".formatted(self, copy.id()))
        .with("owner", self);
  }

  /** Asks all peers, and the owner even if it is none of them. */
  private Survey survey(Volume copy) throws FailureException {
    Set<NodeId> nodes = new LinkedHashSet<>(peers.list().stream().map(Peer::node).toList());
    if (!copy.owner().equals(self)) {
      boolean _ = nodes.add(copy.owner());
    }
    return Survey.of(nodes, copy, others::view);
  }

  private void judge(Volume copy, Survey survey, Reason reason, Set<NodeId> fenced)
      throws FailureException {
    survey.requireAnswered(fenced);
    Optional<NodeId> owner = survey.owner();
    // Another node may own it by its own record, too, or have it as contested.
    if (copy.role() == Role.OWNER && !survey.hasRival() && !isWaiting(copy)) {
      throw ownedAlready(copy);
    }
    if (owner.isPresent() && reason == Reason.OWNER_GONE) {
      throw OwnershipFailure.OWNER_ANSWERS
          .because(
              "node %s answers that it owns volume %s and may write it: hand it off there"
                  .formatted(owner.get(), copy.id()))
          .with("owner", owner.get());
    }
  }

  private long highest(Volume copy, Survey survey) {
    return survey.highest(copy.epoch(), epochs.highest(copy.id()));
  }

  private void requireSound(VolumeId id, SignedGrant signed) throws FailureException {
    Grant grant = signed.grant();
    if (!grant.lineage().equals(id) || !grant.to().equals(self)) {
      throw OwnershipFailure.NOT_GRANTED.because(
          "what was signed gives volume %s to node %s, this is volume %s on node %s"
              .formatted(grant.lineage(), grant.to(), id, self));
    }
    Optional<String> objection =
        signed.isTakeover()
            ? grants.objection(signed)
            : Optional.of("only a user can sign that a volume is taken from its owner");
    if (objection.isPresent()) {
      throw OwnershipFailure.NOT_GRANTED.because(
          "what was signed counts for nothing: " + objection.get());
    }
  }

  private void requireFresh(Grant grant) throws FailureException {
    Duration age = Duration.between(grant.at(), clock.instant()).abs();
    if (age.compareTo(LONGEST_THOUGHT) > 0) {
      throw OwnershipFailure.STALE_EPOCH.because(
          "what was signed was proposed at %s: ask for it anew".formatted(grant.at()));
    }
  }

  private static void requireNext(Grant grant, long highest) throws FailureException {
    if (grant.epoch() <= highest) {
      throw OwnershipFailure.STALE_EPOCH
          .because(
              "the volume is known at epoch %d by now, what was signed is of epoch %d and counts no more: ask for a new one, which is of a higher epoch, and sign that"
                  .formatted(highest, grant.epoch()))
          .with("highestEpoch", highest);
    }
    if (!Epochs.isWithinReach(highest, grant.epoch())) { // No peer would follow there.
      throw OwnershipFailure.EPOCH_BEYOND_REACH.because(
          "the volume is known at epoch %d, and what was signed is of epoch %d, more than %d ahead: ask for a new proposal, and sign that as it is"
              .formatted(highest, grant.epoch(), Epochs.MOST_AHEAD));
    }
  }
}
