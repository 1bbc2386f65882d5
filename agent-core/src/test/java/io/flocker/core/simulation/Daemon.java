package io.flocker.core.simulation;

import io.flocker.core.failure.FailureException;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantChain.Tenure;
import io.flocker.core.grant.GrantChain.UnprovenException;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.simulation.Disk.Copy;
import io.flocker.core.simulation.Disk.Peers;
import io.flocker.core.simulation.Message.Answer;
import io.flocker.core.simulation.Network.Refusal;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.volume.ReleaseJournal;
import io.flocker.core.volume.ownership.Epochs;
import io.flocker.core.volume.ownership.OwnershipEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One run of flockerd, between a start and its end. What is done about ownership is in {@link
 * Records} and {@link Confirming}; here are those who have it done: what runs by itself, pushes,
 * handoffs, grants, takeovers, in the order in which flockerd does it. Each effect takes its time,
 * and before and after each the daemon may be killed.
 */
final class Daemon {
  private static final long CONFIRM_WAIT_MILLIS = 10_000;
  private static final long SHORT_WAIT_MILLIS = 2_000;
  private static final long LOCK_WAIT_MILLIS = 15_000;
  private static final long FIRST_PAUSE_MILLIS = 1_000;
  private static final long LONGEST_PAUSE_MILLIS = 30_000;
  private static final long PATIENCE_MILLIS = 90_000;

  private final World world;
  private final Machine machine;
  private final Records records;
  private final Confirming confirming;
  private final Records.Mutexes locks;
  private final List<Scheduler.Task> tasks = new ArrayList<>();
  private final Map<VolumeId, Scheduler.Mailbox<Boolean>> bells = new HashMap<>();
  private final List<Taking> takings = new ArrayList<>();
  private boolean isKilled;

  Daemon(World world, Machine machine) {
    this.world = world;
    this.machine = machine;
    this.records = new Records(world, machine, this);
    this.confirming = new Confirming(world, machine, this, records);
    this.locks = new Records.Mutexes(world.scheduler());
  }

  // What runs.

  void start() {
    claimPool();
    world.volumes().forEach(volume -> run(() -> tend(volume)));
  }

  /** As PoolClaim has it: of a pool that owns nothing no peer owns anything either. */
  private void claimPool() {
    if (machine.state().peers() == Peers.FORGOTTEN
        && world.volumes().stream().noneMatch(machine::isOwner)) {
      machine.change(machine.state().told(Peers.NONE));
    }
  }

  void kill() {
    isKilled = true;
    tasks.forEach(Scheduler.Task::kill);
  }

  /** Has the daemon do something beside all else. */
  void run(Runnable body) {
    tasks.removeIf(Scheduler.Task::isEnded);
    boolean _ = tasks.add(world.scheduler().start(body));
  }

  /** Something that may be refused. */
  interface Attempt {
    void run() throws FailureException;
  }

  void tryTo(Attempt attempt) {
    run(() -> {
      try {
        attempt.run();
      } catch (Refusal | FailureException e) {
        world.tell(machine.toString(), "could not: " + e.getMessage());
      }
    });
  }

  void nudge() {
    bells.values().forEach(bell -> bell.put(true));
  }

  void nudge(VolumeId volume) {
    Optional.ofNullable(bells.get(volume)).ifPresent(bell -> bell.put(true));
  }

  private void rest(VolumeId volume, long millis) {
    Scheduler.Mailbox<Boolean> bell = world.scheduler().mailbox();
    bells.put(volume, bell);
    var _ = bell.take(millis);
  }

  /** Something that is done at once, after some time, unless the daemon is killed before. */
  void effect(VolumeId volume, String what, Runnable change) {
    world.scheduler().sleep(world.chance().millis(12, 4_000));
    while (machine.standsStillMillis() > 0) {
      world.scheduler().sleep(machine.standsStillMillis());
    }
    world.troubles().strike(machine);
    endIfKilled();
    change.run();
    world.tell(machine.toString(), what, volume);
    world.check();
    world.troubles().strike(machine);
    endIfKilled();
  }

  private void endIfKilled() {
    if (isKilled) {
      throw new Scheduler.Killed();
    }
  }

  private <T> T alone(VolumeId volume, Records.Mutexes.Work<T> work) {
    return locks.alone(volume, work, LOCK_WAIT_MILLIS);
  }

  // A volume's life.

  /** What flockerd does by itself, as long as it runs. */
  private void tend(VolumeId volume) {
    settleAtStart(volume);
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      boolean isDone = false;
      try {
        isDone = look(volume);
      } catch (Refusal | FailureException e) {
        world.tell(machine.toString(), "goes on later: " + e.getMessage(), volume);
      }
      pause = isDone ? LONGEST_PAUSE_MILLIS * 20 : Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
      rest(volume, pause);
      pause = isDone ? FIRST_PAUSE_MILLIS : pause;
    }
  }

  /** Nobody mounts it before. */
  private void settleAtStart(VolumeId volume) {
    Optional<ReleaseJournal.Entry> left =
        Optional.ofNullable(machine.state().releases().get(volume));
    if (left.isPresent()) {
      var _ =
          alone(
              volume,
              () -> {
                while (!isSettled(volume, left.get())) {
                  world.scheduler().sleep(LONGEST_PAUSE_MILLIS);
                }
                return true;
              });
    }
  }

  private boolean isSettled(VolumeId volume, ReleaseJournal.Entry entry) {
    try {
      boolean isAsBefore =
          records.of(volume).isPresent() && records.of(volume).equals(entry.before());
      if (isAsBefore && records.isOwner(volume)) {
        if (machine.isMounted(volume)) {
          return false;
        }
        records.apply(volume, entry.release());
      }
      // Else somebody has decided since, here or elsewhere.
      strike(volume);
      return true;
    } catch (Refusal _) {
      return false;
    }
  }

  private void strike(VolumeId volume) {
    effect(
        volume,
        "strikes the release",
        () -> machine.change(machine.state().releasing(volume, Optional.empty())));
  }

  /** Whether there is nothing to do until something happens. */
  private boolean look(VolumeId volume) throws FailureException {
    records.recall(volume);
    records.finish(volume);
    if (records.isOwner(volume)) {
      if (world.is(Plant.FENCE_AFTER_MOUNTING)) {
        mountOwned(volume);
      }
      boolean isUnasked = confirming.isUnasked(volume); // Who is told meanwhile has asked nobody.
      confirming.ask(volume, peers(), CONFIRM_WAIT_MILLIS);
      if (!isUnasked
          && records.isOwner(volume)
          && confirming.isCleared(volume, whoMustAnswer())
          && !machine.isMounted(volume)) {
        mountOwned(volume);
      }
      return machine.isMounted(volume)
          && peers().stream().allMatch(peer -> confirming.isConfirmedBy(volume, peer.id()));
    }
    if (records.isReleasedHere(volume)) {
      var _ =
          alone(
              volume,
              () -> {
                if (records.isReleasedHere(volume)) {
                  grant(volume);
                }
                return true;
              });
    }
    return !machine.isMounted(volume) && !records.isReleasedHere(volume);
  }

  private void mountOwned(VolumeId volume) {
    OwnershipRecord cleared = records.require(volume);
    var _ =
        alone(
            volume,
            () -> {
              if (records.isOwner(volume) && cleared.equals(records.require(volume))) {
                records.mount(volume);
              }
              return true;
            });
  }

  List<Party> peers() {
    return machine.knowsItsPeers() ? world.peersOf(machine) : List.of();
  }

  /** Before a mount; the others are waited for only for a while. */
  private List<Party> whoMustAnswer() {
    return world.settings().isStrict() ? peers() : List.of();
  }

  // What others ask.

  void serve(Party from, Message message, Consumer<Answer> answers) {
    run(() -> answers.accept(answer(from, message)));
  }

  private Answer answer(Party from, Message message) {
    if (!peers().contains(from)) {
      return new Answer.Refused("not a peer");
    }
    try {
      return switch (message) {
        case Message.Confirm confirm -> confirming.answer(from, confirm);
        case Message.Push push -> receive(from, push);
        case Message.Acquire acquire -> acquire(from, acquire);
      };
    } catch (Refusal | FailureException e) {
      return new Answer.Refused(String.valueOf(e.getMessage()));
    }
  }

  /** The receiving end of a push: admitted, received, recorded. */
  private Answer receive(Party from, Message.Push push) throws FailureException {
    VolumeId volume = push.volume();
    requireOwnWord(from, push.owner());
    records.show(volume, push.owner(), push.epoch(), push.grants());
    return alone(
        volume,
        () -> {
          boolean _ = records.wouldChange(volume, claimed(push));
          refuseLate(push);
          effect(volume, "receives a stream from " + from, () -> machine.change(received(push)));
          Copy copy = machine.pool().copies().get(volume);
          OwnershipEvent event = received(push, copy);
          if (records.wouldChange(volume, event)) {
            long known = records.of(volume).map(OwnershipRecord::epoch).orElse(-1L);
            records
                .grants()
                .remember(
                    volume, new Tenure(push.owner(), push.epoch()), push.grants().after(known));
          }
          records.receive(volume, event);
          return new Answer.Done(copy.latest());
        });
  }

  /** That a node speaks for itself alone. */
  private static void requireOwnWord(Party from, NodeId owner) {
    if (!from.id().equals(owner)) {
      throw new Refusal("it speaks for another node");
    }
  }

  /** A stream that begins with what is not the latest here does not go in. */
  private void refuseLate(Message.Push push) {
    Optional<Guid> here = machine.pool().copy(push.volume()).flatMap(Copy::latest);
    Guid last = push.copy().getLast().guid();
    boolean isOld =
        machine.pool().copy(push.volume()).stream()
            .flatMap(copy -> copy.snapshots().stream())
            .anyMatch(snapshot -> snapshot.guid().equals(last));
    if (isOld && !here.equals(Optional.of(last))) {
      throw new Refusal("there is a later snapshot here");
    }
  }

  private OwnershipEvent.Claimed claimed(Message.Push push) {
    return new OwnershipEvent.Claimed(
        push.volume(),
        push.owner(),
        push.epoch(),
        records.highest(push.volume()),
        records.isContested(push.volume()),
        doubt(push));
  }

  private OwnershipEvent.Received received(Message.Push push, Copy copy) {
    return new OwnershipEvent.Received(
        push.volume(),
        push.owner(),
        push.epoch(),
        records.highest(push.volume()),
        push.operation(),
        copy.guid(),
        doubt(push));
  }

  /** As Replicas has it. */
  private Optional<String> doubt(Message.Push push) {
    Optional<OwnershipRecord> known = records.of(push.volume());
    if (known.isEmpty()) {
      return firstDoubt(push);
    }
    if (push.epoch() <= known.get().epoch() || world.is(Plant.GRANT_UNCHECKED)) {
      return Optional.empty();
    }
    try {
      var _ =
          records
              .grants()
              .prove(
                  push.volume(),
                  new Tenure(known.get().node(), known.get().epoch()),
                  new Tenure(push.owner(), push.epoch()),
                  push.grants());
      return Optional.empty();
    } catch (UnprovenException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private Optional<String> firstDoubt(Message.Push push) {
    Tenure owner = new Tenure(push.owner(), push.epoch());
    return Epochs.isWithinReach(0, push.epoch())
            || Epochs.isWithinReach(0, records.grants().begin(push.volume(), owner, push.grants()))
        ? Optional.empty()
        : Optional.of("nothing leads there");
  }

  /** What diverged is kept under another name. */
  private Disk.Pool received(Message.Push push) {
    VolumeId volume = push.volume();
    Optional<Copy> before = machine.pool().copy(volume);
    long data = push.copy().getLast().data();
    long lost = before.map(Copy::data).orElse(0L) & ~data;
    Copy copy =
        new Copy(
            before.flatMap(Copy::record),
            before.map(Copy::guid).orElseGet(world::guid),
            data,
            push.copy());
    Disk.Pool kept = lost == 0 ? machine.pool() : machine.pool().keeping(volume, lost);
    return kept.with(volume, copy);
  }

  private Answer acquire(Party from, Message.Acquire request) throws FailureException {
    VolumeId volume = request.volume();
    requireOwnWord(from, request.releasedBy());
    if (!request.owner().equals(machine.id())) {
      throw new Refusal("it was released to another node");
    }
    return alone(
        volume,
        () -> {
          Copy copy =
              machine
                  .pool()
                  .copy(volume)
                  .orElseThrow(() -> new Refusal("there is no such volume here"));
          OwnershipEvent event =
              new OwnershipEvent.Acquired(
                  request.releasedBy(),
                  request.epoch(),
                  request.operation(),
                  request.finalSnapshot(),
                  copy.latest(),
                  records.isContested(volume));
          if (records.wouldChange(volume, event)) {
            GrantChain signed = signed(request);
            if (from == world.liar()) {
              world.truth(volume).harm(); // His own volume, under the same id.
            }
            records.inherit(volume, request.confirmed());
            Tenure next = new Tenure(machine.id(), request.epoch());
            records.grants().remember(volume, next, signed);
            if (!world.is(Plant.CREATION_STAYS_BEHIND)) {
              records.grants().learnPast(volume, next, request.grants());
            }
            records.apply(volume, event);
          } else if (!records.isOwner(volume)) {
            throw new Refusal("it is not owned here any more");
          }
          mountAcquired(volume, from);
          return new Answer.Done(copy.latest());
        });
  }

  private void mountAcquired(VolumeId volume, Party from) throws FailureException {
    boolean isGiverAlone = world.is(Plant.ACQUIRER_ASKS_GRANTER_ALONE);
    confirming.ask(volume, isGiverAlone ? List.of(from) : peers(), SHORT_WAIT_MILLIS);
    boolean isCleared =
        records.isOwner(volume)
            && confirming.isCleared(volume, isGiverAlone ? List.of(from) : whoMustAnswer());
    if (isCleared && !machine.isMounted(volume)) {
      records.mount(volume);
    }
    nudge(volume);
  }

  /** As Acquisition has it. */
  private GrantChain signed(Message.Acquire request) {
    if (world.is(Plant.GRANT_UNCHECKED)) {
      return request.grants();
    }
    try {
      GrantChain last =
          records
              .grants()
              .prove(
                  request.volume(),
                  new Tenure(request.releasedBy(), request.epoch() - 1),
                  new Tenure(machine.id(), request.epoch()),
                  request.grants());
      Grant grant = last.grants().getLast().grant();
      if (grant.operation().equals(request.operation())
          && grant.finalSnapshot().equals(request.finalSnapshot())) {
        return last;
      }
      throw new Refusal("what was signed is of another handoff");
    } catch (UnprovenException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
  }

  // What users ask.

  void create(VolumeId volume) throws FailureException {
    alone(
        volume,
        () -> {
          if (machine.pool().copy(volume).isPresent() || records.highest(volume) > 0) {
            throw new Refusal("the volume is here already");
          }
          UUID operation = world.chance().uuid();
          Copy made = new Copy(Optional.empty(), world.guid(), 0, List.of());
          effect(
              volume, "makes a dataset", () -> machine.change(machine.pool().with(volume, made)));
          boolean isFresh =
              world.truth(volume).isOfFreshId() && !world.is(Plant.OTHER_CREATION_COUNTS);
          records.apply(
              volume, new OwnershipEvent.Created(volume, operation, made.guid(), isFresh));
          return true;
        });
  }

  void push(VolumeId volume, Machine peer) throws FailureException {
    alone(
        volume,
        () -> {
          requireOwner(volume);
          requirePeer(peer);
          send(volume, peer, world.chance().uuid());
          return true;
        });
  }

  private void requirePeer(Machine peer) {
    if (!peers().contains(peer)) {
      throw new Refusal(peer + " is no peer that is known");
    }
  }

  private void requireOwner(VolumeId volume) {
    if (!records.isOwner(volume)) {
      throw new Refusal("this node does not own the volume");
    }
  }

  /** Takes a snapshot, and has the peer receive it. */
  private Guid send(VolumeId volume, Machine peer, UUID operation) throws FailureException {
    Guid taken = world.guid();
    effect(
        volume,
        "takes snapshot " + taken.bits(),
        () ->
            machine.change(
                machine.pool().with(volume, machine.pool().copies().get(volume).snapshot(taken))));
    OwnershipRecord record = records.require(volume);
    Answer answer =
        world
            .network()
            .ask(
                machine,
                peer,
                new Message.Push(
                    volume,
                    record.node(),
                    record.epoch(),
                    operation,
                    records.grants().upTo(volume, record.epoch()),
                    machine.pool().copies().get(volume).snapshots()));
    if (!answer.equals(new Answer.Done(Optional.of(taken)))) {
      throw new Refusal(peer + " has another snapshot");
    }
    return taken;
  }

  /** Gives the volume to a peer: what is not committed is undone, what is goes forward. */
  void handOff(VolumeId volume, Machine peer) throws FailureException {
    alone(
        volume,
        () -> {
          requireOwner(volume);
          requirePeer(peer);
          if (!machine.isMounted(volume) && world.is(Plant.HANDOFF_UNCONFIRMED)) {
            records.mount(volume);
          }
          if (!machine.isMounted(volume)) {
            throw new Refusal("the volume is not confirmed");
          }
          UUID operation = world.chance().uuid();
          Guid _ = send(volume, peer, operation);
          Guid last;
          try {
            effect(
                volume,
                "quiesces for a handoff",
                () -> {
                  if (!machine.unmount(volume)) {
                    throw new Refusal("the volume is in use");
                  }
                });
            last = send(volume, peer, operation);
          } catch (Refusal e) {
            records.mount(volume);
            throw e;
          }
          release(volume, peer, operation, last);
          long until = world.scheduler().nowMillis() + PATIENCE_MILLIS;
          while (true) {
            try {
              grant(volume);
              return true;
            } catch (Refusal e) {
              if (world.scheduler().nowMillis() > until) {
                throw e;
              }
              world.scheduler().sleep(FIRST_PAUSE_MILLIS);
            }
          }
        });
  }

  private void release(VolumeId volume, Machine peer, UUID operation, Guid last)
      throws FailureException {
    OwnershipRecord before = records.require(volume);
    OwnershipEvent.Released event = new OwnershipEvent.Released(peer.id(), operation, last);
    if (before.epoch() == 0) {
      records.signCreation(before);
    }
    records.grants().sign(volume, before.epoch() + 1, machine.id(), peer.id(), operation, last);
    if (!world.is(Plant.RELEASE_UNWRITTEN)) {
      effect(
          volume,
          "writes down that it releases to " + peer,
          () ->
              machine.change(
                  machine
                      .state()
                      .releasing(
                          volume,
                          Optional.of(
                              new ReleaseJournal.Entry(volume, Optional.of(before), event)))));
    }
    boolean _ = records.wouldChange(volume, event); // It may have been put out meanwhile.
    OwnershipRecord released = records.decide(volume, event).record().orElseThrow();
    if (world.is(Plant.ACQUIRE_BEFORE_RELEASE)) {
      Answer _ = world.network().ask(machine, peer, acquisition(released));
    }
    int endings = machine.endings();
    world
        .troubles()
        .mayOutlive(
            machine,
            () -> {
              if (machine.record(volume).isPresent() && machine.endings() == endings) {
                world.tell(
                    machine.toString(),
                    "a command that was left records " + world.text(released),
                    volume);
                machine.change(records.written(volume, released));
                world.check();
              }
            });
    try {
      records.apply(volume, event);
    } finally {
      world.troubles().isThrough(machine);
    }
    if (!world.is(Plant.RELEASE_UNWRITTEN)) {
      strike(volume);
    }
  }

  private Message.Acquire acquisition(OwnershipRecord released) throws FailureException {
    return new Message.Acquire(
        released.lineage(),
        machine.id(),
        released.node(),
        released.epoch(),
        released.operation(),
        released.finalSnapshot(),
        // Its creation travels beside them in flockerd, for the sake of older ones.
        records.grants().withCreation(released.lineage(), released.epoch()),
        world.is(Plant.WORD_STAYS_BEHIND) ? Map.of() : records.confirmed(released.lineage()));
  }

  private void grant(VolumeId volume) throws FailureException {
    OwnershipRecord released = records.require(volume);
    if (!records.isReleasedHere(volume)) {
      throw new Refusal("it is not released here any more");
    }
    if (machine.isMounted(volume)) {
      throw new Refusal("it is released and mounted");
    }
    Party to =
        peers().stream()
            .filter(peer -> peer.id().equals(released.node()))
            .findFirst()
            .orElseThrow(() -> new Refusal("it was released to nobody who is known"));
    records
        .grants()
        .sign(
            volume,
            released.epoch(),
            machine.id(),
            released.node(),
            released.operation(),
            released.finalSnapshot());
    try {
      Answer _ = world.network().ask(machine, to, acquisition(released));
    } catch (Refusal e) {
      throw e;
    }
    records.apply(volume, new OwnershipEvent.Delivered());
  }

  // What operators ask.

  /**
   * The epoch that a takeover here would have to be signed for.
   *
   * @param without who is fenced, as the operator says, and is not asked
   */
  long proposal(VolumeId volume, Set<NodeId> without) throws FailureException {
    OwnershipRecord record = records.require(volume);
    long highest = Math.max(record.epoch(), records.highest(volume));
    for (Party peer : peers()) {
      if (!without.contains(peer.id())) {
        Message question = new Message.Confirm(volume, Optional.empty(), GrantChain.EMPTY);
        if (world.network().ask(machine, peer, question) instanceof Answer.Known known) {
          boolean isPossible = Epochs.isWithinReach(record.epoch(), known.highest() + 1);
          highest = isPossible ? Math.max(highest, known.highest()) : highest;
        }
      }
    }
    return highest + 1;
  }

  /** An operator has signed that the volume is this node's. */
  void takeOver(VolumeId volume, SignedGrant signed, Set<NodeId> without) throws FailureException {
    boolean isRight =
        world.isFenced(volume, without)
            && (machine.knowsItsPeers() || world.isOfNobodyBut(machine, volume));
    Taking taking = new Taking(volume, without);
    boolean _ = takings.add(taking);
    try {
      requireNoOtherOwner(volume);
      takeOver(volume, signed, without, isRight);
    } finally {
      boolean _ = takings.remove(taking); // Another one may still be undecided.
    }
    nudge(volume);
  }

  /** A takeover that is not decided yet, and who is fenced by the operator's word. */
  private record Taking(VolumeId volume, Set<NodeId> from) {}

  /** Whether the volume is taken over just now as one that a node cannot write. */
  boolean isTakenFrom(VolumeId volume, NodeId node) {
    return takings.stream()
        .anyMatch(taking -> taking.volume().equals(volume) && taking.from().contains(node));
  }

  /** Whether it is taken over here just now. */
  boolean isTaking(VolumeId volume) {
    return takings.stream().anyMatch(taking -> taking.volume().equals(volume));
  }

  /** Whoever owns it and answers hands it off, where it is not disputed here. */
  private void requireNoOtherOwner(VolumeId volume) {
    List<Scheduler.Mailbox<Answer>> answers = new ArrayList<>();
    for (Party peer : peers()) {
      Message question = new Message.Confirm(volume, Optional.empty(), GrantChain.EMPTY);
      boolean _ = answers.add(world.network().send(machine, peer, question));
    }
    boolean isOther = false;
    boolean isRival = false;
    for (Scheduler.Mailbox<Answer> one : answers) {
      // Of those who do not answer the operator knows more, or is wrong.
      if (one.take(SHORT_WAIT_MILLIS).orElse(null) instanceof Answer.Known known) {
        isOther |= known.isOwner();
        isRival |= known.isHere() && !known.isReplica();
      }
    }
    if (isOther && (machine.isReplica(volume) || records.isReleasedHere(volume))) {
      throw new Refusal("another node owns it, and answers");
    }
    if (!isRival && records.isOwner(volume) && machine.isMounted(volume)) {
      throw new Refusal("this node owns it already");
    }
  }

  private void takeOver(VolumeId volume, SignedGrant signed, Set<NodeId> without, boolean isRight) {
    var _ =
        alone(
            volume,
            () -> {
              OwnershipEvent event =
                  new OwnershipEvent.TakenOver(
                      signed.grant().epoch(),
                      signed.grant().operation(),
                      signed.grant().finalSnapshot());
              boolean _ = records.wouldChange(volume, event);
              if (!without.isEmpty()) {
                Truth truth = world.truth(volume);
                truth.nameLost(truth.acknowledged() & ~machine.held(volume));
              }
              records.grants().keep(List.of(signed));
              records.apply(volume, event);
              if (!isRight) {
                world.truth(volume).distrust();
              }
              machine.tellFenced(volume, signed.grant().operation(), without);
              return true;
            });
  }

  /** The later owner's copy is chosen. */
  void setAside(VolumeId volume) {
    var _ =
        alone(
            volume,
            () -> {
              if (machine.isMounted(volume)) {
                throw new Refusal("nothing is renamed that is mounted");
              }
              records.apply(volume, new OwnershipEvent.SetAside());
              return true;
            });
  }
}
