package io.flocker.core.simulation;

import io.flocker.core.failure.FailureException;
import io.flocker.core.grant.GrantBook;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.simulation.Disk.Confirmation;
import io.flocker.core.simulation.Disk.Copy;
import io.flocker.core.simulation.Network.Refusal;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.ownership.Epochs;
import io.flocker.core.volume.ownership.Ownership;
import io.flocker.core.volume.ownership.OwnershipDecision;
import io.flocker.core.volume.ownership.OwnershipEffect;
import io.flocker.core.volume.ownership.OwnershipEvent;
import io.flocker.core.volume.ownership.OwnershipEvent.Evidence;
import io.flocker.core.volume.ownership.Tenure;
import io.flocker.core.volume.ownership.Testimony;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a daemon does with its ownership records, as OwnershipRecords, PoolReader, EpochMemory,
 * VolumeResolver and Fencing do it: real are the decision ({@link Ownership}), the judgement of
 * what is shown ({@link Testimony}), the signatures and what they prove ({@link GrantKeeper}).
 */
final class Records {
  private final World world;
  private final Machine machine;
  private final Daemon daemon;
  private final Ownership rules;
  private final GrantKeeper grants;

  /** Around each change of who may write, and each mount that lets somebody. */
  private final Mutexes writers;

  Records(World world, Machine machine, Daemon daemon) {
    this.world = world;
    this.machine = machine;
    this.daemon = daemon;
    this.rules = new Ownership(machine.id());
    this.grants = new GrantKeeper(machine::credentials, new Book(), machine::clock);
    this.writers = new Mutexes(world.scheduler());
  }

  /** The grants in the state folder. */
  private final class Book implements GrantBook {
    @Override
    public List<SignedGrant> of(VolumeId volume) {
      return List.copyOf(
          new TreeMap<>(machine.state().grants().getOrDefault(volume, Map.of())).values());
    }

    @Override
    public void add(List<SignedGrant> added) {
      VolumeId volume = added.getFirst().grant().lineage();
      daemon.effect(
          volume,
          "writes down " + world.text(added),
          () -> machine.change(machine.state().adding(added)));
    }
  }

  GrantKeeper grants() {
    return grants;
  }

  Optional<OwnershipRecord> of(VolumeId volume) {
    return machine.record(volume);
  }

  OwnershipRecord require(VolumeId volume) {
    return of(volume).orElseThrow(() -> new Refusal("there is no such volume here"));
  }

  long highest(VolumeId volume) {
    return machine.state().highest(volume);
  }

  /**
   * Whether the record says that this node owns the volume, and nothing that it saw speaks against
   * it.
   */
  boolean isOwner(VolumeId volume) {
    return of(volume)
        .filter(record -> record.node().equals(machine.id()))
        .filter(record -> isWritable(record.state()))
        .filter(record -> record.epoch() >= highest(volume))
        .isPresent();
  }

  private boolean isWritable(OwnershipState state) {
    return state == OwnershipState.OWNED
        || (state == OwnershipState.CONTESTED && world.is(Plant.CONTESTED_WRITABLE));
  }

  boolean isReleasedHere(VolumeId volume) {
    return machine.isIn(OwnershipState.RELEASED, volume)
        && !require(volume).node().equals(machine.id());
  }

  boolean isPutOut(VolumeId volume) {
    return machine.isIn(OwnershipState.SUPERSEDED, volume) || isContested(volume);
  }

  /** Also where the record says something else, and this node has seen a later epoch. */
  boolean isContested(VolumeId volume) {
    return machine.isIn(OwnershipState.CONTESTED, volume)
        || (machine.isOwner(volume) && !isOwner(volume));
  }

  OwnershipDecision decide(VolumeId volume, OwnershipEvent event) {
    return world.is(Plant.EPOCHS_BACKWARDS) && event instanceof OwnershipEvent.Shown shown
        ? Mirror.decide(rules, of(volume), shown)
        : rules.decide(of(volume), event);
  }

  /** Whether the one epoch comes after the other. */
  boolean isLater(long one, long other) {
    return world.is(Plant.EPOCHS_BACKWARDS) ? one < other : one > other;
  }

  /** The same rules for epochs that count down. */
  private static final class Mirror {
    private static final long TOP = 1_000_000;

    private Mirror() {}

    static OwnershipDecision decide(
        Ownership rules, Optional<OwnershipRecord> record, OwnershipEvent.Shown shown) {
      OwnershipDecision decision =
          rules.decide(
              record.map(Mirror::of),
              new OwnershipEvent.Shown(
                  shown.owner(),
                  Math.max(0, TOP - shown.epoch()),
                  shown.operation(),
                  shown.evidence(),
                  shown.hasConfirmed()));
      return new OwnershipDecision(
          decision.record().map(Mirror::of), decision.effects().stream().map(Mirror::of).toList());
    }

    private static OwnershipEffect of(OwnershipEffect effect) {
      return effect instanceof OwnershipEffect.Write write
          ? new OwnershipEffect.Write(of(write.record()))
          : effect;
    }

    private static OwnershipRecord of(OwnershipRecord record) {
      return new OwnershipRecord(
          record.lineage(),
          Math.max(0, TOP - record.epoch()),
          record.node(),
          record.state(),
          record.operation(),
          record.finalSnapshot(),
          record.dataset());
    }
  }

  /** What would become of it; a refusal is thrown. */
  boolean wouldChange(VolumeId volume, OwnershipEvent event) {
    OwnershipDecision decision = decide(volume, event);
    for (OwnershipEffect effect : decision.effects()) {
      if (effect instanceof OwnershipEffect.Refuse refusal) {
        throw new Refusal(refusal.why().detail());
      }
    }
    return !decision.record().equals(of(volume));
  }

  /**
   * A stream's record: the first that is heard of a volume is proven by nothing, and not
   * remembered.
   */
  void receive(VolumeId volume, OwnershipEvent event) {
    apply(volume, event, of(volume).isPresent() || world.is(Plant.FIRST_USE_REMEMBERED));
  }

  /** Has something happen to the ownership of the copy. */
  void apply(VolumeId volume, OwnershipEvent event) {
    apply(volume, event, true);
  }

  private void apply(VolumeId volume, OwnershipEvent event, boolean isProven) {
    var _ =
        writers.alone(
            volume,
            () -> {
              List<OwnershipEffect> effects = new ArrayList<>(decide(volume, event).effects());
              if (world.is(Plant.RECORD_BEFORE_FENCE)
                  && !effects.isEmpty()
                  && effects.getFirst() instanceof OwnershipEffect.Fence) {
                effects.add(effects.removeFirst());
              }
              effects.forEach(effect -> carryOut(volume, effect, isProven));
              return true;
            });
    daemon.nudge(volume);
  }

  private void carryOut(VolumeId volume, OwnershipEffect effect, boolean isProven) {
    switch (effect) {
      case OwnershipEffect.Protect _ -> {} // Boots mount nothing here.
      case OwnershipEffect.Fence _ -> {
        if (!world.is(Plant.CONTESTED_WRITABLE)) {
          takeAway(volume);
        }
      }
      case OwnershipEffect.Write write -> {
        write(volume, write.record());
        if (isProven) {
          observe(volume, write.record().epoch());
        }
      }
      case OwnershipEffect.Forget _ ->
          daemon.effect(
              volume, "sets its copy aside", () -> machine.change(machine.pool().without(volume)));
      case OwnershipEffect.Announce _ -> {} // Nobody listens here.
      case OwnershipEffect.Refuse refusal -> throw new Refusal(refusal.why().detail());
    }
  }

  /** Where it is in use it stays mounted, and that is tried again. */
  void takeAway(VolumeId volume) {
    daemon.effect(volume, "sets readonly, as a fence", () -> {});
    if (machine.isMounted(volume)) {
      daemon.effect(
          volume,
          "unmounts, as a fence",
          () -> {
            if (!machine.unmount(volume)) {
              world.tell(machine.toString(), "cannot, it is in use", volume);
            }
          });
    }
  }

  private void write(VolumeId volume, OwnershipRecord record) {
    if (record.state() != OwnershipState.CONTESTED && record.epoch() < highest(volume)) {
      throw new Refusal("a higher epoch was seen: " + highest(volume));
    }
    daemon.effect(
        volume, "records " + world.text(record), () -> machine.change(written(volume, record)));
  }

  /** The pool with that record. */
  Disk.Pool written(VolumeId volume, OwnershipRecord record) {
    Copy copy = machine.pool().copies().get(volume);
    return machine.pool().with(volume, copy.with(Optional.of(record)));
  }

  private void observe(VolumeId volume, long epoch) {
    if (epoch > highest(volume) && Epochs.isPossible(epoch)) {
      daemon.effect(
          volume,
          "remembers epoch " + epoch,
          () -> machine.change(machine.state().observing(volume, epoch)));
    }
  }

  /** Whatever the caller has read before: who was put out meanwhile mounts nothing. */
  void mount(VolumeId volume) {
    var _ =
        writers.alone(
            volume,
            () -> {
              if (isPutOut(volume) && !world.is(Plant.CONTESTED_WRITABLE)) {
                throw new Refusal("this node was put out");
              }
              daemon.effect(volume, "mounts", () -> machine.mount(volume));
              return true;
            });
  }

  /** What was mounted here although this node was put out, as a killed daemon leaves it. */
  void finish(VolumeId volume) {
    if (isPutOut(volume) && machine.isMounted(volume) && !world.is(Plant.CONTESTED_WRITABLE)) {
      var _ =
          writers.alone(
              volume,
              () -> {
                takeAway(volume);
                return true;
              });
    }
  }

  /** What this node was put out of before it started, by what it had seen proven itself. */
  void recall(VolumeId volume) throws FailureException {
    if (machine.isOwner(volume) && !isOwner(volume)) {
      Optional<Tenure> last = grants.at(volume, highest(volume)).map(Tenure::of);
      if (last.isPresent()) {
        show(volume, last.get(), grants.all(volume));
      }
    }
  }

  /** An owner who does not say by which operation he came to be: his grants tell. */
  void show(VolumeId volume, NodeId owner, long epoch, GrantChain shown) throws FailureException {
    if (of(volume).filter(record -> !isReplica(record) && epoch >= record.epoch()).isPresent()) {
      Optional<Tenure> tenure =
          grants
              .operation(volume, owner, epoch, shown)
              .map(operation -> new Tenure(owner, epoch, operation));
      if (tenure.isPresent()) {
        show(volume, tenure.get(), shown);
      }
    }
  }

  private boolean isReplica(OwnershipRecord record) {
    return record.state() == OwnershipState.OWNED && !record.node().equals(machine.id());
  }

  /** Somebody shows who owns the volume: this node is put out, before anything else is done. */
  void show(VolumeId volume, Tenure tenure, GrantChain shown) throws FailureException {
    boolean mayMatter =
        of(volume)
            .filter(record -> !isReplica(record))
            .filter(record -> tenure.epoch() >= record.epoch() || world.is(Plant.EPOCHS_BACKWARDS))
            .filter(record -> !Tenure.of(record).equals(tenure))
            .isPresent();
    if (mayMatter) {
      var _ = writers.alone(volume, () -> judge(volume, tenure, shown));
    }
  }

  private boolean judge(VolumeId volume, Tenure tenure, GrantChain shown) throws FailureException {
    Optional<OwnershipRecord> record = of(volume);
    if (record.isEmpty()) {
      return false;
    }
    Testimony testimony =
        Testimony.of(
            record.get(),
            tenure,
            grants.all(volume).grants(),
            shown.grants(),
            signed -> world.is(Plant.GRANT_UNCHECKED) || grants.objection(signed).isEmpty());
    boolean hasConfirmed =
        testimony.creator().isPresent() && confirmed(volume).containsKey(testimony.creator().get());
    OwnershipEvent event =
        new OwnershipEvent.Shown(
            tenure.owner(), tenure.epoch(), tenure.operation(), testimony.evidence(), hasConfirmed);
    if (!wouldChange(volume, event)) {
      return false;
    }
    world.tell(machine.toString(), "is shown " + testimony.evidence(), volume);
    if (testimony.evidence() == Evidence.CREATED_AGAIN && isReleasedHere(volume)) {
      // Who confirmed it to a later owner is not held to that here: it is as if created twice.
      world.truth(volume).harm();
    }
    world.figures().count("shown " + testimony.evidence());
    if (Set.of(Evidence.GRANTED, Evidence.TAKEN_OVER).contains(testimony.evidence())) {
      grants.keep(testimony.path());
    }
    observe(volume, tenure.epoch());
    apply(volume, event);
    return true;
  }

  /** Who has ever confirmed the volume here, or at who gave it to this node. */
  Map<NodeId, UUID> confirmed(VolumeId volume) {
    return machine.confirmed(volume);
  }

  /** By the record of a volume's first owner. */
  void signCreation(OwnershipRecord first) throws FailureException {
    grants.signCreation(first.lineage(), machine.id(), first.operation(), first.isOfFreshId());
  }

  /** Takes over from who gives the volume who has confirmed it. */
  void inherit(VolumeId volume, Map<NodeId, UUID> told) {
    told.forEach((peer, operation) -> {
      if (!confirmed(volume).containsKey(peer)) {
        Confirmation word = new Confirmation(volume, operation, peer);
        machine.change(machine.state().confirmed(word));
      }
    });
  }

  /** Locks, one for each volume; who has it may take it again. */
  static final class Mutexes {
    private final Scheduler scheduler;
    private final Map<VolumeId, Scheduler.Task> owners = new HashMap<>();
    private final Map<VolumeId, Deque<Scheduler.Mailbox<Boolean>>> waiting = new HashMap<>();

    Mutexes(Scheduler scheduler) {
      this.scheduler = scheduler;
    }

    private static final long FOREVER_MILLIS = 1L << 40;

    interface Work<T> {
      T run() throws FailureException;
    }

    <T> T alone(VolumeId volume, Work<T> work) {
      return alone(volume, work, FOREVER_MILLIS);
    }

    <T> T alone(VolumeId volume, Work<T> work, long patienceMillis) {
      Scheduler.Task self = scheduler.self();
      boolean isNested = owners.get(volume) == self;
      long since = scheduler.nowMillis();
      while (!isNested && owners.containsKey(volume)) {
        Scheduler.Mailbox<Boolean> turn = scheduler.mailbox();
        waiting.computeIfAbsent(volume, _ -> new ArrayDeque<>()).add(turn);
        if (turn.take(patienceMillis - (scheduler.nowMillis() - since)).isEmpty()) {
          throw new Refusal("the volume is locked");
        }
      }
      var _ = owners.put(volume, self);
      try {
        return work.run();
      } catch (FailureException e) {
        throw new Refusal(e.detail());
      } finally {
        if (!isNested) {
          var _ = owners.remove(volume);
          // All of them: who has waited for too long is gone.
          waiting.getOrDefault(volume, new ArrayDeque<>()).forEach(turn -> turn.put(true));
          var _ = waiting.remove(volume);
        }
      }
    }
  }
}
