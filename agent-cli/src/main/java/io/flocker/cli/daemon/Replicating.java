package io.flocker.cli.daemon;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.loop.RoundLoop;
import io.flocker.core.loop.Waker;
import io.flocker.core.os.MountedDatasets;
import io.flocker.core.replicate.Replication;
import io.flocker.core.replicate.Replicator;
import io.flocker.core.replicate.SteadyClock;
import io.flocker.core.replicate.change.Changes;
import io.flocker.core.replicate.change.WatchedVolume;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.store.Database;
import io.flocker.core.store.StoredReplication;
import io.flocker.core.volume.NodeVolumes;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeHead;
import io.flocker.zfs.ZfsStorage;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts together what keeps copies up to date, and has it hear what happens. Any thread. */
final class Replicating implements EventSink {
  /** One for all that is compared: a change that is told after a snapshot is younger than it. */
  private final InstantSource clock = SteadyClock.ofThisMachine();

  private final EventSink events;
  private final Waker waker = new Waker();
  private final Waker newsWaker = new Waker();
  private volatile @Nullable Replication replication;
  private volatile Consumer<NodeId> backListener = _ -> {};

  /** Passes all on to {@code events}. */
  Replicating(EventSink events) {
    this.events = events;
  }

  @Override
  public void tell(Event event) {
    events.tell(event);
    if (event.type() == EventType.PEER_REACHABLE
        && event.members().get("node") instanceof NodeId peer) {
      backListener.accept(peer);
      newsWaker.wake();
    }
    Replication told = replication;
    if (told != null) {
      told.heard(event);
    }
  }

  /**
   * Makes what keeps the copies up to date; {@link #start} runs it.
   *
   * @param concurrency how many streams may leave the node: one place is left for what users ask
   */
  Replication of(
      NodeVolumes node,
      Replicator replicator,
      Policies policies,
      Database database,
      int concurrency) {
    Replication made =
        new Replication(
            node.self(),
            replicator,
            new StoredReplication(database),
            Math.max(1, concurrency - 1),
            work -> {
              var _ = Thread.ofVirtual().name("replication").start(work);
            },
            clock,
            waker::wake,
            events);
    policies.onChange(waker::wake);
    replication = made;
    return made;
  }

  /** Runs it from now on. */
  RoundLoop start(Replication made) {
    return RoundLoop.start("replication", made, 0, waker);
  }

  /**
   * Has peers told the policies of the copies that they hold, from now on: at once where a policy
   * changes or a peer is back.
   *
   * @param isBack is told of each peer that is; it does not wait
   */
  RoundLoop tell(RoundLoop.Rounds news, Consumer<NodeId> isBack, Policies policies) {
    backListener = isBack;
    policies.onChange(newsWaker::wake);
    return RoundLoop.start("policy-news", news, 0, newsWaker);
  }

  /** Has it told what is written, from now on and until {@code closing} is closed. */
  void watch(Replication made, NodeVolumes node, ZfsStorage storage, ResourceStack closing)
      throws IOException {
    String pool = storage.poolName();
    Changes changes =
        Changes.of(
            () -> watched(made, node),
            () -> MountedDatasets.ofPool(pool).names(),
            storage::changeMarks,
            made,
            clock);
    Waker others = new Waker();
    made.onSnapshot(changes::snapshotted);
    made.onOtherVolumes(others::wake);
    var _ = closing.add(RoundLoop.start("changes", changes, 0, others));
    var _ = closing.add(storage.events(changes));
  }

  private static Map<VolumeId, WatchedVolume> watched(Replication replication, NodeVolumes node)
      throws FailureException {
    Map<VolumeId, WatchedVolume> watched = new HashMap<>();
    Set<VolumeId> volumes = replication.volumes();
    for (VolumeHead head : volumes.isEmpty() ? List.<VolumeHead>of() : node.catalog().known()) {
      if (head.role() == Role.OWNER && volumes.contains(head.id())) {
        watched.put(
            head.id(), new WatchedVolume(head.dataset(), node.home().mountpoint(head.name())));
      }
    }
    return watched;
  }
}
