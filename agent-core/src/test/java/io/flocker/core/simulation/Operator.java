package io.flocker.core.simulation;

import io.flocker.core.failure.FailureException;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.ToyCredentials;
import io.flocker.core.simulation.Disk.Copy;
import io.flocker.core.simulation.Disk.Peers;
import io.flocker.core.simulation.Network.Refusal;
import io.flocker.core.storage.OwnershipState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Who has the certificate that may take volumes over, and says who is fenced. */
final class Operator {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final long THOUGHT_MILLIS = 10_000;

  private final World world;
  private final Credentials credentials;

  Operator(World world) {
    this.world = world;
    this.credentials =
        ToyCredentials.operator(
            BEGIN.minus(Duration.ofDays(1000)), BEGIN.plus(Duration.ofDays(1000)));
  }

  /** Something, whether or not there is a reason. */
  void meddle() {
    VolumeId volume = world.chance().oneOf(world.volumes());
    Machine at = world.chance().oneOf(world.machines());
    if (at.isIn(OwnershipState.SUPERSEDED, volume) && world.chance().hits(0.6)) {
      setAside(at, volume);
    } else if (at.knowsItsPeers() && at.pool().copy(volume).isPresent()) {
      Set<NodeId> down =
          world.machines().stream()
              .filter(machine -> machine != at && isDown(machine, volume))
              .map(Machine::id)
              .collect(Collectors.toSet());
      Machine any = world.chance().oneOf(world.machines());
      boolean isWrong = world.chance().hits(0.15) && any != at;
      takeOver(at, volume, isWrong ? Set.of(any.id()) : down);
    }
  }

  /** What a node has forgotten with its state folder: in the calm all of it, and as it is. */
  void remind(Machine at) {
    if (at.knowsItsPeers()) {
      return;
    }
    if (world.isCalm() || world.chance().hits(0.5)) {
      world.tell("op", "tells " + at + " who its peers are");
      at.hear(Peers.KNOWN);
      return;
    }
    if (world.chance().hits(0.1)) {
      world.tell("op", "tells " + at + ", wrongly, that it has no peers");
      world.volumes().forEach(volume -> world.truth(volume).distrust());
      at.hear(Peers.NONE);
    } else {
      boolean isWrong = world.chance().hits(0.15);
      world.volumes().stream()
          .filter(volume -> at.isOwner(volume) && (isWrong || world.isOfNobodyBut(at, volume)))
          .forEach(volume -> takeOver(at, volume, Set.of()));
    }
    world.scheduler().after(world.chance().millis(60_000, 600_000), () -> remindInTrouble(at));
  }

  /** The same, unless the calm has begun, which tells everybody. */
  void remindInTrouble(Machine at) {
    if (!world.isCalm()) {
      remind(at);
    }
  }

  private static boolean isDown(Machine machine, VolumeId volume) {
    return !machine.isUp() && !machine.isMounted(volume);
  }

  /** What is needed so that there is one writer, once everything else has settled. */
  void help(VolumeId volume, Machine favourite) {
    Optional<Machine> writer =
        world.machines().stream()
            .filter(machine -> machine.isOwner(volume) && machine.isMounted(volume))
            .findFirst();
    for (Machine machine : world.machines()) {
      if (machine.state().releases().containsKey(volume) && machine.isMounted(volume)) {
        // As the node says: it goes to another one, and is mounted here all the same.
        world.tell("op", "unmounts at " + machine, volume);
        boolean _ = machine.unmount(volume);
        return;
      }
    }
    boolean isPutAside = false;
    if (writer.isPresent()) {
      for (Machine machine : world.machines()) {
        if (machine.isUp() && machine.isIn(OwnershipState.SUPERSEDED, volume)) {
          setAside(machine, volume);
          isPutAside = true;
        }
      }
    }
    if (!isPutAside) {
      takeOver(
          writer.orElse(favourite),
          volume,
          world.machines().stream()
              .filter(Machine::isDead)
              .map(Machine::id)
              .collect(Collectors.toSet()));
    }
  }

  private void setAside(Machine at, VolumeId volume) {
    world.truth(volume).harm();
    at.daemon()
        .ifPresent(daemon ->
            daemon.run(() -> told(at, "sets aside", volume, () -> daemon.setAside(volume))));
  }

  private void takeOver(Machine at, VolumeId volume, Set<NodeId> fenced) {
    at.daemon()
        .ifPresent(daemon ->
            daemon.run(
                () -> told(at, "takes over", volume, () -> takeOver(daemon, at, volume, fenced))));
  }

  private void takeOver(Daemon daemon, Machine at, VolumeId volume, Set<NodeId> fenced)
      throws FailureException {
    long epoch = daemon.proposal(volume, fenced);
    world.scheduler().sleep(world.chance().millis(THOUGHT_MILLIS, 60_000));
    UUID operation = world.chance().uuid();
    Guid latest = at.pool().copy(volume).flatMap(Copy::latest).orElseGet(() -> new Guid(0));
    NodeId from = at.record(volume).orElseThrow(() -> new Refusal("gone")).node();
    Grant grant =
        new Grant(
            volume,
            epoch,
            from,
            at.id(),
            operation,
            latest,
            BEGIN.plusMillis(world.scheduler().nowMillis()));
    world.tell(
        "op",
        "signs that "
            + at
            + " owns it from epoch "
            + epoch
            + " on, by "
            + world.name(operation)
            + fenced.stream()
                .map(node -> ", " + world.name(node) + " is fenced")
                .sorted()
                .collect(Collectors.joining()),
        volume);
    world.truth(volume).harm();
    daemon.takeOver(volume, SignedGrant.by(credentials, grant), fenced);
  }

  private interface Asked {
    void run() throws FailureException;
  }

  private void told(Machine at, String what, VolumeId volume, Asked asked) {
    try {
      world.tell("op", what + " at " + at, volume);
      asked.run();
    } catch (Refusal | FailureException e) {
      world.tell("op", what + " at " + at + ", refused: " + e.getMessage(), volume);
    }
  }
}
