package io.flocker.core.simulation;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.ToyCredentials;
import io.flocker.core.simulation.Disk.Copy;
import io.flocker.core.simulation.Disk.Peers;
import io.flocker.core.simulation.Disk.Pool;
import io.flocker.core.simulation.Disk.State;
import io.flocker.core.simulation.Message.Answer;
import io.flocker.core.simulation.Settings.Trouble;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A machine with its disks, its mounts, its clock, and a daemon while one runs. Beside the daemon
 * there are containers, who write whatever is mounted.
 */
final class Machine implements Party {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  /** What the disks were at a moment. */
  private record Moment(long atMillis, Pool pool, State state) {}

  /** An operator's, who took a volume over by an operation, of whom he calls fenced. */
  private record Word(UUID operation, Set<NodeId> fenced) {
    static final Word NONE = new Word(new UUID(0, 0), Set.of());
  }

  private final World world;
  private final String name;
  private final NodeId id;
  private final Credentials credentials;
  private final List<Moment> past = new ArrayList<>();
  private final Set<VolumeId> mounts = new HashSet<>();
  private final Set<VolumeId> stuck = new HashSet<>();
  private final Map<VolumeId, Word> words = new HashMap<>();
  private Pool pool = Pool.EMPTY;
  private State state = State.EMPTY;
  private Optional<Daemon> daemon = Optional.empty();
  private Duration clockError = Duration.ZERO;
  private long standsStillUntil;
  private boolean isDead;
  private int endings;

  Machine(World world, String name, NodeId id) {
    this.world = world;
    this.name = name;
    this.id = id;
    // Certificates are renewed: that of one node may be older than that of another.
    Instant from = BEGIN.minus(Duration.ofDays(1 + world.chance().below(200)));
    this.credentials = ToyCredentials.node(id, from, from.plus(Duration.ofDays(1000)));
  }

  @Override
  public NodeId id() {
    return id;
  }

  @Override
  public Credentials credentials() {
    return credentials;
  }

  Pool pool() {
    return pool;
  }

  State state() {
    return state;
  }

  Optional<Daemon> daemon() {
    return daemon;
  }

  boolean isUp() {
    return daemon.isPresent();
  }

  boolean isDead() {
    return isDead;
  }

  boolean isMounted(VolumeId volume) {
    return mounts.contains(volume);
  }

  @Override
  public Instant clock() {
    return BEGIN.plusMillis(world.scheduler().nowMillis()).plus(clockError);
  }

  void jump(Duration by) {
    clockError = by;
    world.tell(name, "clock is wrong by " + by.toDays() + " days");
  }

  Optional<OwnershipRecord> record(VolumeId volume) {
    return pool.copy(volume).flatMap(Copy::record);
  }

  /** Whether the pool says that this node may write. */
  boolean isOwner(VolumeId volume) {
    return record(volume)
        .filter(record -> record.state() == OwnershipState.OWNED && record.node().equals(id))
        .isPresent();
  }

  boolean isReplica(VolumeId volume) {
    return record(volume)
        .filter(record -> record.state() == OwnershipState.OWNED && !record.node().equals(id))
        .isPresent();
  }

  boolean isIn(OwnershipState wanted, VolumeId volume) {
    return record(volume).filter(record -> record.state() == wanted).isPresent();
  }

  void change(Pool changed) {
    remember();
    pool = changed;
  }

  void change(State changed) {
    remember();
    state = changed;
  }

  private void remember() {
    boolean _ = past.add(new Moment(world.scheduler().nowMillis(), pool, state));
  }

  void mount(VolumeId volume) {
    if (mounts.add(volume)) {
      containersWrite(volume);
    }
  }

  /** Whether nobody has anything open there. */
  boolean unmount(VolumeId volume) {
    if (isMounted(volume) && world.isTroubled(Trouble.BUSY) && world.chance().hits(0.3)) {
      boolean _ = stuck.add(volume);
      return false;
    }
    boolean _ = mounts.remove(volume);
    boolean _ = stuck.remove(volume);
    return true;
  }

  /** An operator who takes a volume over says who cannot write, for as long as the daemon runs. */
  void tellFenced(VolumeId volume, UUID operation, Set<NodeId> nodes) {
    var _ = words.put(volume, new Word(operation, Set.copyOf(nodes)));
  }

  boolean isToldFenced(VolumeId volume, NodeId node) {
    return words.getOrDefault(volume, Word.NONE).fenced().contains(node);
  }

  /** Whether an operator has had its record made, in the daemon's run. */
  boolean isTakenOver(VolumeId volume) {
    UUID operation = words.getOrDefault(volume, Word.NONE).operation();
    return record(volume).filter(record -> record.operation().equals(operation)).isPresent();
  }

  boolean knowsItsPeers() {
    return state.peers() == Peers.KNOWN;
  }

  /** Somebody says who its peers are, at once or in the file, with a restart. */
  void hear(Peers who) {
    change(state.told(who));
    if (who == Peers.NONE || world.chance().hits(0.5)) {
      kill("daemon is started anew");
      start();
    } else {
      daemon.ifPresent(Daemon::nudge);
    }
  }

  /** Who has ever confirmed the volume to it, by the latest operation. */
  Map<NodeId, UUID> confirmed(VolumeId volume) {
    return state().confirmations().stream()
        .filter(one -> one.volume().equals(volume))
        .collect(
            Collectors.toMap(
                Disk.Confirmation::peer, Disk.Confirmation::operation, (_, later) -> later));
  }

  /** Whether it was to be unmounted and is not yet, being in use. */
  boolean isStuck(VolumeId volume) {
    return stuck.contains(volume);
  }

  /** As long as there is a mount, whether or not a daemon lives. */
  private void containersWrite(VolumeId volume) {
    world
        .scheduler()
        .after(
            world.chance().millis(8_000, 120_000),
            () -> {
              if (isMounted(volume)) {
                world
                    .truth(volume)
                    .nextWrite()
                    .ifPresent(bit -> {
                      pool = pool.with(volume, pool.copies().get(volume).written(bit));
                      world.truth(volume).acknowledge(bit);
                      world.tell(
                          name, "containers write " + Long.numberOfTrailingZeros(bit), volume);
                      world.check();
                    });
                containersWrite(volume);
              }
            });
  }

  void start() {
    if (!isUp() && !isDead) {
      world.tell(name, "daemon starts");
      Daemon started = new Daemon(world, this);
      daemon = Optional.of(started);
      started.start();
    }
  }

  @Override
  public void serve(Party from, Message message, Consumer<Answer> answers) {
    daemon.ifPresent(running -> running.serve(from, message, answers));
  }

  /** The daemon alone: what is mounted stays so. */
  void kill(String how) {
    if (isUp()) {
      world.tell(name, how);
      Daemon killed = daemon.get();
      daemon = Optional.empty();
      standsStillUntil = 0;
      if (!world.is(Plant.FENCED_WORD_KEPT)) {
        words.clear();
      }
      killed.kill();
    }
  }

  void crash() {
    kill("machine crashes");
    endings++;
    mounts.clear();
    stuck.clear();
    world.check();
  }

  /** How often all commands ended that daemons had left: the machine with them, or its disks. */
  int endings() {
    return endings;
  }

  void die() {
    crash();
    isDead = true;
    world.tell(name, "never comes back");
  }

  void standStill(long millis) {
    standsStillUntil = world.scheduler().nowMillis() + millis;
    world.tell(name, "daemon stands still for " + millis / 1000 + " s");
  }

  long standsStillMillis() {
    return Math.max(0, standsStillUntil - world.scheduler().nowMillis());
  }

  /** What is not in the pool is gone, but for the certificate. */
  void loseState() {
    if (isUp()) {
      return;
    }
    world.tell(name, "state folder is lost");
    world.figures().count("state folders lost");
    world.volumes().forEach(volume -> world.truth(volume).harm());
    endings++; // As below.
    change(State.EMPTY.told(Peers.FORGOTTEN));
  }

  /** Disks go back to some earlier moment; of a pool only while nothing is mounted. */
  void goBack(Trouble what) {
    boolean isOfPool = what != Trouble.OLD_STATE;
    if (past.isEmpty() || isUp() || (isOfPool && !mounts.isEmpty())) {
      return;
    }
    Moment then = world.chance().oneOf(past);
    world.tell(
        name,
        switch (what) {
              case OLD_POOL -> "pool";
              case OLD_STATE -> "state";
              default -> "pool and state";
            }
            + " as of "
            + then.atMillis / 1000.0
            + " s come back");
    for (VolumeId volume : world.volumes()) {
      world.truth(volume).harm();
      if (isOfPool) {
        long own = pool.kept(volume) | (isReplica(volume) ? 0 : data(pool, volume));
        world.truth(volume).rollBack(own & ~(then.pool.kept(volume) | data(then.pool, volume)));
      }
    }
    remember();
    if (isOfPool) {
      pool = then.pool;
    }
    // Whoever starts next ends what was left before he asks ZFS anything, whatever his state says.
    endings++;
    if (what != Trouble.OLD_POOL) {
      state = then.state;
    }
    for (VolumeId volume : world.volumes()) {
      // And what was on other disks that had gone back before.
      world.rollBackWhatIsNowhere(volume);
      if (state.peers() == Peers.NONE && isOwner(volume)) {
        // Who has to ask nobody takes the pool's word, also one of before.
        world.truth(volume).distrust();
      }
    }
    world.check();
  }

  private static long data(Pool of, VolumeId volume) {
    return of.copy(volume).map(Copy::data).orElse(0L);
  }

  /** All that the copies here hold of a volume. */
  long held(VolumeId volume) {
    return data(pool, volume) | pool.kept(volume);
  }

  @Override
  public String toString() {
    return name;
  }
}
