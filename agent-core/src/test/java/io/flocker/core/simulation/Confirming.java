package io.flocker.core.simulation;

import io.flocker.core.failure.FailureException;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.simulation.Disk.Confirmation;
import io.flocker.core.simulation.Disk.Peers;
import io.flocker.core.simulation.Message.Answer;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.volume.ownership.Tenure;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The question whether what a node has on record is the last word, asked and answered as Confirmer,
 * PeerQuestion and ConfirmationService do it.
 */
final class Confirming {
  private final World world;
  private final Machine machine;
  private final Daemon daemon;
  private final Records records;

  /** By this run's questions: what was confirmed earlier counts for nothing here. */
  private final Set<Confirmation> confirmed = new HashSet<>();

  /** Who has said, of which record, that there is an objection to it. */
  private final Set<Confirmation> refused = new HashSet<>();

  Confirming(World world, Machine machine, Daemon daemon, Records records) {
    this.world = world;
    this.machine = machine;
    this.daemon = daemon;
    this.records = records;
  }

  /** Whether nobody objects, of those who have to be heard before a mount. */
  boolean isCleared(VolumeId volume, List<Party> whoMustAnswer) {
    return whoMustAnswer.stream().allMatch(peer -> isConfirmedBy(volume, peer.id()))
        && daemon.peers().stream()
            .map(peer -> new Confirmation(volume, records.require(volume).operation(), peer.id()))
            .noneMatch(refused::contains);
  }

  /** Whether nobody is asked since nobody is known, and no operator has answered for them. */
  boolean isUnasked(VolumeId volume) {
    return machine.state().peers() == Peers.FORGOTTEN
        && !machine.isTakenOver(volume)
        && !world.is(Plant.FORGOTTEN_UNASKED);
  }

  boolean isConfirmedBy(VolumeId volume, NodeId peer) {
    return machine.isToldFenced(volume, peer)
        || confirmed.contains(new Confirmation(volume, records.require(volume).operation(), peer));
  }

  /** Asks peers side by side; what they show is acted upon before anything else. */
  void ask(VolumeId volume, List<Party> whom, long waitMillis) throws FailureException {
    if (!records.isOwner(volume)) {
      return;
    }
    Tenure asked = Tenure.of(records.require(volume));
    if (asked.epoch() == 0) {
      records.signCreation(records.require(volume));
    }
    Message question =
        new Message.Confirm(volume, asked, records.grants().withCreation(volume, asked.epoch()));
    Map<Party, Scheduler.Mailbox<Answer>> answers = new LinkedHashMap<>();
    for (Party peer : whom) {
      if (!isConfirmedBy(volume, peer.id())) {
        answers.put(peer, world.network().send(machine, peer, question));
      }
    }
    long until = world.scheduler().nowMillis() + waitMillis;
    for (Map.Entry<Party, Scheduler.Mailbox<Answer>> one : answers.entrySet()) {
      long left = Math.max(1, until - world.scheduler().nowMillis());
      Optional<Answer> answer = one.getValue().take(left);
      if (answer.isPresent() && answer.get() instanceof Answer.Known known) {
        hear(volume, asked, one.getKey(), known);
      }
    }
  }

  private void hear(VolumeId volume, Tenure asked, Party peer, Answer.Known known)
      throws FailureException {
    world.tell(machine.toString(), "hears from " + peer + ": " + world.text(known), volume);
    if (known.tenure().isPresent()) {
      records.show(volume, known.tenure().get(), known.grants());
    }
    boolean isStill = records.isOwner(volume) && Tenure.of(records.require(volume)).equals(asked);
    Confirmation word = new Confirmation(volume, asked.operation(), peer.id());
    boolean _ = refused.remove(word);
    if (!isStill || known.isWritable() || isUnconvinced(peer, known)) {
      boolean _ = refused.add(word);
    } else if (!isBehind(asked, known) && agrees(asked, known) && confirmed.add(word)) {
      daemon.effect(
          volume, "is confirmed by " + peer, () -> machine.change(machine.state().confirmed(word)));
    }
  }

  /** It owns the volume itself, as it says, after it was shown why it should not. */
  private boolean isUnconvinced(Party peer, Answer.Known known) {
    return known.isOwner()
        && known.owner().equals(Optional.of(peer.id()))
        && !world.is(Plant.LOWER_OWNER_CONFIRMS)
        && !world.is(Plant.ANSWER_BEFORE_FENCE);
  }

  /**
   * A peer without the volume that saw a later owner could show the grants, which are kept with the
   * epochs: an epoch that it cannot show is hearsay.
   */
  private boolean isBehind(Tenure asked, Answer.Known known) {
    boolean isOfWeight =
        (known.isHere() && !known.isReplica()) || world.is(Plant.FIRST_USE_REMEMBERED);
    return isOfWeight && records.isLater(known.highest(), asked.epoch());
  }

  /** A copy's record is somebody else's word. */
  private boolean agrees(Tenure asked, Answer.Known known) {
    return (known.isReplica() && !world.is(Plant.FIRST_USE_REMEMBERED))
        || known.epoch() != asked.epoch()
        || known.owner().isEmpty()
        || (known.owner().get().equals(asked.owner())
            && known.tenure().map(one -> one.operation().equals(asked.operation())).orElse(true));
  }

  /** Acts upon what is shown, then says what this node knows. */
  Answer answer(Party caller, Message.Confirm question) throws FailureException {
    VolumeId volume = question.volume();
    if (daemon.isTakenFrom(volume, caller.id()) && !world.is(Plant.CONFIRMED_WHILE_TAKEN)) {
      return new Answer.Refused("it is being taken over");
    }
    if (question.tenure().isPresent()) {
      if (world.is(Plant.ANSWER_BEFORE_FENCE)) {
        daemon.tryTo(() -> show(question));
      } else {
        show(question);
      }
    }
    Optional<OwnershipRecord> here = records.of(volume);
    long recorded = here.map(OwnershipRecord::epoch).orElse(0L);
    boolean isProven = !machine.isReplica(volume) || world.is(Plant.FIRST_USE_REMEMBERED);
    long highest = Math.max(records.highest(volume), isProven ? recorded : 0);
    Optional<Tenure> known = known(volume, here, highest, question.tenure());
    boolean isAgreed = known.isEmpty() ? highest == 0 : known.equals(question.tenure());
    return new Answer.Known(
        here.isPresent(),
        machine.isReplica(volume),
        machine.isOwner(volume),
        known.map(Tenure::owner).or(() -> here.map(OwnershipRecord::node)),
        known.map(Tenure::epoch).orElse(recorded),
        known,
        highest,
        records.isPutOut(volume) && machine.isMounted(volume),
        isAgreed ? GrantChain.EMPTY : records.grants().withCreation(volume, highest));
  }

  private void show(Message.Confirm question) throws FailureException {
    records.show(question.volume(), question.tenure().get(), question.grants());
  }

  /** The latest owner who is proven here, or on record. */
  private Optional<Tenure> known(
      VolumeId volume, Optional<OwnershipRecord> here, long highest, Optional<Tenure> asked)
      throws FailureException {
    boolean isReplica = machine.isReplica(volume);
    Optional<Tenure> recorded = here.filter(_ -> !isReplica).map(Tenure::of);
    if (highest > here.map(OwnershipRecord::epoch).orElse(0L)) {
      Optional<Tenure> seen = records.grants().at(volume, highest).map(Tenure::of);
      return seen.isPresent() ? seen : recorded;
    }
    if (!isReplica) {
      return recorded;
    }
    OwnershipRecord copy = here.get();
    boolean isTheirs =
        asked
            .filter(one -> one.owner().equals(copy.node()) && one.epoch() == copy.epoch())
            .isPresent();
    return isTheirs
        ? asked
        : records
            .grants()
            .at(volume, copy.epoch())
            .map(Tenure::of)
            .filter(one -> one.owner().equals(copy.node()));
  }
}
