package io.flocker.core.simulation;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.simulation.Network.Refusal;
import io.flocker.core.simulation.Settings.Trouble;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One run from its beginning to its end: some minutes of trouble, and then the calm. */
final class Story {
  private static final long TROUBLED_MILLIS = 600_000;
  private static final long ROUND_MILLIS = 180_000;
  private static final int ROUNDS = 12;

  private final World world;

  /** What somebody was asked to create. */
  private final Set<VolumeId> asked = new HashSet<>();

  Story(World world) {
    this.world = world;
  }

  void play() {
    try {
      begin();
      world.scheduler().runUntil(TROUBLED_MILLIS);
      calmDown();
      world.volumes().forEach(this::settle);
    } finally {
      world.scheduler().end();
    }
  }

  private void begin() {
    world.machines().forEach(Machine::start);
    for (VolumeId volume : world.volumes()) {
      Machine first = world.chance().oneOf(world.machines());
      world.scheduler().after(world.chance().below(1_000), () -> create(first, volume));
    }
    again(world.chance().oneOf(List.of(4_000L, 15_000L, 40_000L)), this::use);
    again(world.chance().oneOf(List.of(20_000L, 60_000L)), world.troubles()::happen);
    if (world.settings().has(Trouble.LIAR)) {
      again(8_000, world.liar()::lie);
    }
    if (world.settings().has(Trouble.OPERATOR)) {
      again(60_000, world.operator()::meddle);
    }
  }

  private void again(long usualMillis, Runnable what) {
    world
        .scheduler()
        .after(
            1 + world.chance().millis(usualMillis, usualMillis * 20),
            () -> {
              if (!world.isCalm()) {
                what.run();
                again(usualMillis, what);
              }
            });
  }

  private void create(Machine at, VolumeId volume) {
    if (!at.knowsItsPeers() && !world.truth(volume).isOfFreshId()) {
      return; // Refused: who is forgotten may know the id.
    }
    boolean isFirst = asked.add(volume);
    if (!isFirst && world.truth(volume).isOfFreshId()) {
      return; // It would be another volume.
    }
    if (!isFirst) {
      world.truth(volume).harm();
    }
    ask(at, "create", volume, daemon -> daemon.create(volume));
  }

  /** What users do. */
  private void use() {
    VolumeId volume = world.chance().oneOf(world.volumes());
    Machine at =
        world.machines().stream()
            .filter(machine -> machine.isOwner(volume) && machine.isUp())
            .filter(_ -> world.chance().hits(0.8))
            .findFirst()
            .orElseGet(() -> world.chance().oneOf(world.machines()));
    Machine to = world.chance().oneOf(world.machines());
    boolean isNowhere =
        world.machines().stream().noneMatch(one -> one.pool().copy(volume).isPresent());
    if (isNowhere || (world.isTroubled(Trouble.CREATED_TWICE) && world.chance().hits(0.15))) {
      create(at, volume);
    } else if (to != at) {
      if (world.chance().hits(0.5)) {
        ask(at, "push to " + to, volume, daemon -> daemon.push(volume, to));
      } else {
        ask(at, "handoff to " + to, volume, daemon -> daemon.handOff(volume, to));
      }
    }
  }

  private interface Request {
    void to(Daemon daemon) throws FailureException;
  }

  private void ask(Machine at, String what, VolumeId volume, Request request) {
    at.daemon()
        .ifPresent(daemon ->
            daemon.run(() -> {
              try {
                world.tell(at.toString(), "is asked for: " + what, volume);
                request.to(daemon);
                world.tell(at.toString(), what + " is done", volume);
                world.figures().count(what.split(" ", -1)[0] + " done");
              } catch (Refusal | FailureException e) {
                world.tell(at.toString(), what + " is refused: " + e.getMessage(), volume);
                world.figures().count(what.split(" ", -1)[0] + " refused");
              }
            }));
  }

  private void calmDown() {
    world.calmDown();
    if (world.settings().has(Trouble.DEAD)) {
      world.chance().oneOf(world.machines()).die();
    }
    for (Machine machine : world.machines()) {
      machine.kill("daemon is started anew");
      machine.jump(Duration.ZERO);
      machine.start();
      if (!machine.knowsItsPeers()) {
        long millis = world.chance().millis(20_000, ROUND_MILLIS / 2);
        world.scheduler().after(millis, () -> world.operator().remind(machine));
      }
    }
  }

  /** There has to be one writer, and everything that was written. */
  private void settle(VolumeId volume) {
    int favourite = world.chance().below(world.machines().size());
    for (int round = 0; round < ROUNDS; round++) {
      world.scheduler().runUntil(world.scheduler().nowMillis() + ROUND_MILLIS);
      if (isSettled(volume)) {
        pushToAll(volume);
      }
      if (isSettled(volume)) { // Still: a push may show what nobody had seen.
        requireEverything(volume);
        world.figures().count(round == 0 ? "settled by themselves" : "settled by an operator");
        return;
      }
      if (isGone(volume)) {
        world.figures().count("gone with a disk or a node");
        return;
      }
      boolean isDead = world.machines().stream().anyMatch(Machine::isDead);
      if (!isDead && !world.truth(volume).isHarmed()) {
        throw new Violation(volume, "there is no way on without hands");
      }
      Machine at = world.machines().get((favourite + round) % world.machines().size());
      if (!at.isUp() || !isCopy(at, volume)) {
        at =
            world.machines().stream()
                .filter(machine -> machine.isUp() && isCopy(machine, volume))
                .findFirst()
                .orElseThrow();
      }
      world.operator().help(volume, at);
    }
    throw new Violation(volume, "there is no way on to one writer");
  }

  /** What diverges there is set aside by that. */
  private void pushToAll(VolumeId volume) {
    Machine owner =
        world.machines().stream().filter(one -> writes(one, volume)).findFirst().orElseThrow();
    for (Machine peer : world.machines()) {
      if (peer.isUp() && peer.isReplica(volume)) {
        ask(owner, "push to " + peer, volume, daemon -> daemon.push(volume, peer));
      }
    }
    world.scheduler().runUntil(world.scheduler().nowMillis() + ROUND_MILLIS);
  }

  private boolean isSettled(VolumeId volume) {
    return world.machines().stream().filter(machine -> writes(machine, volume)).count() == 1
        && world.machines().stream()
            .filter(machine -> !machine.isDead() && !writes(machine, volume))
            .allMatch(machine -> machine.record(volume).isEmpty() || machine.isReplica(volume));
  }

  /** One that has seen a later epoch takes nothing from him, and stays as it is. */
  private static boolean isCopyOf(Machine owner, Machine machine, VolumeId volume) {
    long epoch = owner.record(volume).orElseThrow().epoch();
    return machine
        .record(volume)
        .filter(record -> record.node().equals(owner.id()) && record.epoch() == epoch)
        .filter(_ -> machine.state().highest(volume) <= epoch)
        .isPresent();
  }

  private static boolean writes(Machine machine, VolumeId volume) {
    return machine.isOwner(volume) && machine.isMounted(volume);
  }

  /** What a liar has brought first is none. */
  private boolean isCopy(Machine machine, VolumeId volume) {
    return machine.record(volume).flatMap(record -> world.machine(record.node())).isPresent();
  }

  private boolean isGone(VolumeId volume) {
    return world.machines().stream()
        .filter(machine -> !machine.isDead())
        .noneMatch(machine -> isCopy(machine, volume));
  }

  private void requireEverything(VolumeId volume) {
    long kept = world.truth(volume).excused();
    Machine owner =
        world.machines().stream().filter(one -> writes(one, volume)).findFirst().orElseThrow();
    for (Machine machine : world.machines()) {
      // A copy that its owner may push over is no place to keep anything.
      boolean isKept = machine.isDead() || machine == owner || !isCopyOf(owner, machine, volume);
      kept |= isKept ? machine.held(volume) : machine.pool().kept(volume);
    }
    if ((world.truth(volume).acknowledged() & ~kept) != 0) {
      throw new Violation(volume, "what was written is lost in the end");
    }
  }
}
