package io.flocker.core.simulation;

import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.simulation.Settings.Trouble;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.ownership.Tenure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Everything that there is in one run, and what must be true of it at any moment. */
final class World {
  private final Scheduler scheduler = new Scheduler();
  private final Chance chance;
  private final Settings settings;
  private final Optional<Plant> plant;
  private final Figures figures;
  private final Network network;
  private final Troubles troubles;
  private final Operator operator;
  private final Liar liar;
  private final boolean isLiarPeer;
  private final List<Machine> machines = new ArrayList<>();
  private final List<VolumeId> volumes = new ArrayList<>();
  private final Map<VolumeId, Truth> truths = new HashMap<>();
  private final Map<UUID, String> names = new HashMap<>();
  private final Optional<List<Line>> log;
  private boolean isTroubled = true;
  private long guids;

  /** A line of the log; of a volume, or of all. */
  record Line(Optional<VolumeId> volume, String text) {}

  World(long seed, Optional<Plant> plant, boolean isTold, Figures figures) {
    this.chance = new Chance(seed);
    this.settings = Settings.of(chance, new Chance(~seed * 31 - 2));
    this.plant = plant;
    this.figures = figures;
    this.log = isTold ? Optional.of(new ArrayList<>()) : Optional.empty();
    this.network = new Network(this);
    this.troubles = new Troubles(this);
    this.operator = new Operator(this);
    this.liar = new Liar(this, !settings.isStrict() && new Chance(~seed * 31 - 1).hits(0.3));
    this.isLiarPeer = settings.has(Trouble.LIAR) && chance.hits(0.7);
    for (int i = 0; i < settings.nodes(); i++) {
      String name = String.valueOf((char) ('A' + i));
      machines.add(new Machine(this, name, node(i)));
    }
    for (int i = 0; i < settings.volumes(); i++) {
      VolumeId volume = new VolumeId(new UUID(0x4000, (1L << 63) | i));
      volumes.add(volume);
      // Not drawn with the rest: half of the seeds tell what they have told before.
      truths.put(volume, new Truth(volume, new Chance(~seed * 31 + i).hits(0.5)));
    }
  }

  /** The same in each run: keys are dear. */
  static NodeId node(int place) {
    return new NodeId(new UUID(0x4000, (1L << 63) | (0xa + place)));
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Chance chance() {
    return chance;
  }

  Settings settings() {
    return settings;
  }

  Network network() {
    return network;
  }

  Troubles troubles() {
    return troubles;
  }

  Operator operator() {
    return operator;
  }

  Liar liar() {
    return liar;
  }

  /** Those that a node has in its list of peers. */
  List<Party> peersOf(Machine machine) {
    List<Party> peers = new ArrayList<>(machines);
    boolean _ = peers.remove(machine);
    if (isLiarPeer) {
      boolean _ = peers.add(liar);
    }
    return peers;
  }

  Guid guid() {
    return new Guid(++guids);
  }

  Figures figures() {
    return figures;
  }

  List<Machine> machines() {
    return machines;
  }

  List<VolumeId> volumes() {
    return volumes;
  }

  Truth truth(VolumeId volume) {
    return truths.get(volume);
  }

  Optional<Machine> machine(NodeId id) {
    return machines.stream().filter(machine -> machine.id().equals(id)).findFirst();
  }

  boolean is(Plant broken) {
    return plant.isPresent() && plant.get() == broken;
  }

  /** Whether there is such trouble in this run, and no calm yet. */
  boolean isTroubled(Trouble trouble) {
    return isTroubled && settings.has(trouble);
  }

  boolean isCalm() {
    return !isTroubled;
  }

  void calmDown() {
    isTroubled = false;
    network.healAll();
    tell("--", "from now on nothing happens but what has to");
  }

  /** Whoever waits to ask again does so now. */
  void nudge() {
    machines.forEach(machine -> machine.daemon().ifPresent(Daemon::nudge));
  }

  void tell(String who, String what) {
    tell(who, what, Optional.empty());
  }

  void tell(String who, String what, VolumeId volume) {
    tell(who, what, Optional.of(volume));
  }

  private void tell(String who, String what, Optional<VolumeId> volume) {
    if (log.isPresent()) {
      String of =
          volume.isPresent() && volumes.size() > 1
              ? " [" + volumes.indexOf(volume.get()) + "]"
              : "";
      log.get()
          .add(
              new Line(
                  volume,
                  String.format(
                      Locale.ROOT,
                      "%9.3f %-2s %s%s",
                      scheduler.nowMillis() / 1000.0,
                      who,
                      what,
                      of)));
    }
  }

  /** A short name of an operation. */
  String name(UUID operation) {
    return names.computeIfAbsent(operation, _ -> "op" + (names.size() + 1));
  }

  String name(NodeId node) {
    return machine(node).map(Machine::toString).orElse("liar");
  }

  String text(OwnershipRecord record) {
    return !isTold()
        ? ""
        : record.state()
            + " by "
            + name(record.node())
            + ", epoch "
            + record.epoch()
            + ", "
            + name(record.operation());
  }

  String text(List<SignedGrant> grants) {
    return !isTold()
        ? ""
        : "grants "
            + grants.stream()
                .map(signed ->
                    "%d:%s>%s by %s"
                        .formatted(
                            signed.grant().epoch(),
                            signed.isTakeover() ? "operator" : name(signed.grant().from()),
                            name(signed.grant().to()),
                            name(signed.grant().operation())))
                .toList();
  }

  String text(Tenure tenure) {
    return !isTold()
        ? ""
        : name(tenure.owner()) + ", epoch " + tenure.epoch() + ", " + name(tenure.operation());
  }

  String text(Message.Answer.Known known) {
    return known.tenure().map(this::text).orElse("nobody")
        + (known.isHere() ? ", has a copy" : "")
        + (known.isWritable() ? ", still mounted" : "")
        + ", highest "
        + known.highest()
        + ", "
        + text(known.grants().grants());
  }

  String text(Message message) {
    return switch (message) {
      case Message.Push push ->
          "push by "
              + name(push.owner())
              + ", epoch "
              + push.epoch()
              + ", "
              + text(push.grants().grants());
      case Message.Acquire acquire ->
          "acquire, epoch " + acquire.epoch() + ", " + text(acquire.grants().grants());
      case Message.Confirm confirm ->
          "confirm "
              + confirm.tenure().map(this::text).orElse("nothing")
              + ", "
              + text(confirm.grants().grants());
    };
  }

  boolean isTold() {
    return log.isPresent();
  }

  List<Line> log() {
    return log.orElse(List.of());
  }

  /** Whether those whom an operator calls fenced cannot write when the takeover begins. */
  boolean isFenced(VolumeId volume, Set<NodeId> fenced) {
    return machines.stream()
        .filter(machine -> fenced.contains(machine.id()))
        .noneMatch(machine -> machine.isUp() || machine.isMounted(volume));
  }

  /** Whether nobody can write it but a node that asks nobody, and nobody else is taking it. */
  boolean isOfNobodyBut(Machine machine, VolumeId volume) {
    return machines.stream()
        .filter(other -> other != machine)
        .noneMatch(other ->
            other.isOwner(volume)
                || other.isMounted(volume)
                || other.daemon().filter(daemon -> daemon.isTaking(volume)).isPresent());
  }

  void rollBackWhatIsNowhere(VolumeId volume) {
    long held = 0;
    for (Machine machine : machines) {
      held |= machine.held(volume);
    }
    truth(volume).rollBack(truth(volume).acknowledged() & ~held);
  }

  /** What must be true after every event. */
  void check() {
    volumes.forEach(this::check);
  }

  private void check(VolumeId volume) {
    Truth truth = truth(volume);
    int writers = 0;
    long held = truth.excused();
    for (Machine machine : machines) {
      held |= machine.held(volume);
      if (machine.isMounted(volume)) {
        writers++;
        if (!machine.isOwner(volume) && !machine.isStuck(volume)) {
          throw new Violation(volume, machine + " can write what is not its own");
        }
      }
      if (!truth.isHarmed()) {
        if (machine.isIn(OwnershipState.SUPERSEDED, volume)
            || machine.isIn(OwnershipState.CONTESTED, volume)) {
          throw new Violation(volume, machine + " is put out, and nobody has done any harm");
        }
        if (machine.isOwner(volume) && (truth.acknowledged() & ~machine.held(volume)) != 0) {
          throw new Violation(volume, machine + " owns the volume and lacks what was written");
        }
      }
    }
    truth.count(writers, scheduler.nowMillis(), this);
    if (writers > 1 && !isPromiseLoose(truth)) {
      throw new Violation(volume, "two nodes can write");
    }
    if ((truth.acknowledged() & ~held) != 0) {
      throw new Violation(volume, "what was written is nowhere");
    }
  }

  /** Where there may be two writers for a while: that is measured then, and must come to an end. */
  private boolean isPromiseLoose(Truth truth) {
    return !truth.isTrusted() || (!settings.isStrict() && truth.isHarmed());
  }
}
