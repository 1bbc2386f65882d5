package io.flocker.core.replicate;

import io.flocker.core.event.Event;
import io.flocker.core.failure.FailureException;
import io.flocker.core.fanout.FanOut;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationContext;
import io.flocker.core.operation.Wait;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.volume.VolumeName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * A node without a pool or a network: its clock stands until it is moved, and pushes wait until
 * they are done by hand. What a volume holds is the number of its last change. One thread.
 */
final class Island implements Replicator {
  /** What a push does beside what all do. */
  interface Fault {
    void happen(Copy copy, OperationContext context) throws Exception;
  }

  private static final VolumeName NAME = VolumeName.parse("default.island");

  final NodeId self = NodeId.random();
  final MemoryStore store = new MemoryStore();
  final Map<VolumeId, Policy> policies = new LinkedHashMap<>();
  final Set<VolumeId> foreign = new LinkedHashSet<>();
  final Set<VolumeId> vanished = new LinkedHashSet<>();
  final List<Runnable> begun = new ArrayList<>();
  final List<Copy> pushed = new ArrayList<>();
  final List<Copy> compared = new ArrayList<>();
  final List<Event> events = new ArrayList<>();
  final Map<VolumeId, Integer> content = new HashMap<>();
  final Map<VolumeId, Integer> snapshotted = new HashMap<>();
  final Map<Copy, Integer> there = new HashMap<>();
  int snapshots;
  Optional<FailureException> poolAway = Optional.empty();
  Fault fault = (_, _) -> {};
  Fault faultOfComparison = (_, _) -> {};
  Optional<Map<String, Object>> drift = Optional.empty();
  Instant now = Instant.parse("2026-03-01T00:00:00Z");
  Replication replication;

  private final int most;

  Island(int most) {
    this.most = most;
    this.replication = started();
  }

  /** The daemon ends by force, and another one begins. */
  void restart() {
    begun.clear();
    replication = started();
  }

  private Replication started() {
    InstantSource clock = () -> now;
    return new Replication(self, this, store, most, begun::add, clock, () -> {}, events::add);
  }

  VolumeId volume(NodeId... peers) {
    VolumeId volume = VolumeId.random();
    policies.put(volume, policy(peers));
    return volume;
  }

  static Policy policy(NodeId... peers) {
    return new Policy(List.of(peers), Duration.ofMinutes(1), Duration.ofSeconds(1));
  }

  /** The same, compared so often. */
  static Policy verified(Duration every, NodeId... peers) {
    return policy(peers).verifiedEvery(every);
  }

  void write(VolumeId volume) {
    content.merge(volume, 1, Integer::sum);
    replication.changed(volume, now);
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  /** Looks around, and has done all that is begun, until nothing is. */
  void settle() {
    var _ = replication.round();
    while (!begun.isEmpty()) {
      finish();
      var _ = replication.round();
    }
  }

  /** Has done all that was begun before. */
  void finish() {
    List<Runnable> all = List.copyOf(begun);
    begun.clear();
    all.forEach(Runnable::run);
  }

  CopyStatus status(VolumeId volume, NodeId peer) {
    return replication.status(volume).stream()
        .filter(copy -> copy.peer().equals(peer))
        .findFirst()
        .orElseThrow();
  }

  boolean isThere(VolumeId volume, NodeId peer) {
    return content.getOrDefault(volume, 0).equals(there.get(new Copy(volume, peer)));
  }

  @Override
  public Map<VolumeId, Wanted> wanted() throws FailureException {
    if (poolAway.isPresent()) {
      throw poolAway.get();
    }
    Map<VolumeId, Wanted> wanted = new LinkedHashMap<>();
    policies.forEach((volume, policy) ->
        wanted.put(volume, new Wanted(NAME, policy, !vanished.contains(volume))));
    wanted.keySet().removeAll(foreign);
    return wanted;
  }

  @Override
  public Arrival push(
      Copy copy,
      Policy policy,
      SnapshotNeed need,
      Runnable leave,
      FanOut fanOut,
      OperationContext context)
      throws Exception {
    pushed.add(copy);
    if (!there.containsKey(copy)) {
      replication.beginsAnew(copy);
    }
    context.waitsFor(Wait.ASKING);
    VolumeId volume = copy.volume();
    if (!snapshotted.containsKey(volume) || need.isNewOneDue(_ -> true)) {
      context.waitsFor(Wait.SNAPSHOT);
      snapshots++;
      snapshotted.put(volume, content.getOrDefault(volume, 0));
      need.taken(new Guid(snapshots), content.getOrDefault(volume, 0));
    }
    context.waitsFor(Wait.PLANNING);
    context.phase("sending");
    fault.happen(copy, context);
    there.put(copy, snapshotted.get(volume));
    return new Arrival(new Guid(snapshots), "flk." + snapshots, now, now);
  }

  @Override
  public Verified verify(Copy copy, OperationContext context) throws Exception {
    compared.add(copy);
    faultOfComparison.happen(copy, context);
    return new Verified(new Guid(snapshots), "flk." + snapshots, now, drift);
  }

  /** Waits for ever, but for an end from without; what waits counts {@code hangs} down first. */
  static Fault hanging(Wait what, CountDownLatch hangs) {
    return (_, context) -> {
      context.waitsFor(what);
      hangs.countDown();
      new CountDownLatch(1).await();
    };
  }
}
