package io.flocker.core.replicate;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.loop.RoundLoop;
import io.flocker.core.replicate.change.ChangeListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;

/**
 * Keeps the copies of this node's volumes as their policies want them. One thread at a time looks
 * around; pushes are done on threads of the executor's, and any thread may say what has happened
 * and ask how it stands.
 *
 * <p>Nothing is asked of ZFS or of a peer for a copy that nothing was written for.
 */
public final class Replication implements RoundLoop.Rounds, ChangeListener {
  /** How long the end of the daemon waits for pushes: with all else it stays below 10 s. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Replicator replicator;
  private final TrackedCopies copies;
  private final CopyRecords records;
  private final CopySchedule schedule;
  private final CopyWorker worker;
  private final Executor executor;
  private final Runnable wake;

  /** Whether it was told that something stays wrong. Any thread: at worst it is told twice. */
  private volatile boolean isTold;

  private volatile Runnable othersListener = () -> {};

  /** Of which volumes the listener was told last. On the loop's thread only. */
  private Set<VolumeId> toldVolumes = Set.of();

  /**
   * Replicates the volumes of a node.
   *
   * @param most how many streams may leave for copies at once
   * @param executor runs each push that is given to it, on a thread of its own
   * @param wake is called when it is worth while to look around
   * @param events is told how copies stand
   */
  public Replication(
      NodeId self,
      Replicator replicator,
      ReplicationStore store,
      int most,
      Executor executor,
      InstantSource clock,
      Runnable wake,
      EventSink events) {
    this.replicator = replicator;
    this.executor = executor;
    this.wake = wake;
    this.copies = new TrackedCopies(self, clock, events);
    this.records = new CopyRecords(store, copies);
    this.schedule = new CopySchedule(copies, most, clock);
    this.worker = new CopyWorker(replicator, copies, this::saveAndWake);
  }

  @Override
  public void changed(VolumeId volume, Instant when) {
    copies.changed(volume, when);
    wake.run();
  }

  @Override
  public void compared(Instant begun) {
    records.looked(begun);
  }

  /**
   * The peer has nothing of a copy: a push, whoever asked for it, has found that, or the peer has
   * said so. What was found in a copy that is no more says nothing of the one that comes, which is
   * looked after until it is proven. Does not wait.
   */
  public void beginsAnew(Copy copy) {
    copies.begunAnew(copy);
    wake.run();
  }

  /**
   * Has {@code listener} told what the dataset of a volume referred to when it was snapshotted for
   * its copies; it does not wait.
   */
  public void onSnapshot(ObjLongConsumer<VolumeId> listener) {
    worker.onSnapshot(listener);
  }

  /** Has {@code listener} told once other volumes have copies than before; it does not wait. */
  public void onOtherVolumes(Runnable listener) {
    othersListener = listener;
    listener.run();
  }

  /** Looks whether what has happened lets something be tried again. Does not wait. */
  public void heard(Event event) {
    switch (event.type()) {
      case PEER_REACHABLE, PEER_CHANGED -> {
        Object peer = event.members().get("node");
        tryAgain(copy -> copy.peer().equals(peer));
      }
      case VOLUME_CREATED, VOLUME_ROLE_CHANGED, VOLUME_DESTROYED ->
          tryAgain(copy -> event.volume().equals(Optional.of(copy.volume())));
      case PEER_REMOVED -> {
        Object peer = event.members().get("node");
        end(
            copies.underWay(copy -> copy.peer().equals(peer)),
            TransferFailure.CANCELLED.because("node " + peer + " is no peer any more"));
        copies.doubt(copy -> copy.peer().equals(peer));
        wake.run();
      }
      default -> {}
    }
  }

  private void tryAgain(Predicate<Copy> isMeant) {
    copies.tryAgain(isMeant);
    wake.run();
  }

  /**
   * Somebody begins to compare a copy; of one that no policy wants nothing is kept.
   *
   * @return to be told what came of it; where a comparison that began later has found something
   *     before, that counts
   */
  public Consumer<Verified> comparing(Copy copy) {
    Consumer<Verified> finding = copies.finding(copy);
    return result -> {
      finding.accept(result);
      saveAndWake();
    };
  }

  /** Whether a push of that id is under way. */
  public boolean isUnderWay(UUID operation) {
    return copies.pushes().stream().anyMatch(run -> run.id().equals(operation));
  }

  /** Whether it knows all copies that the policies want: not before its first look at the pool. */
  public boolean hasLooked() {
    return copies.hasLooked();
  }

  /** Which volumes have copies. */
  public Set<VolumeId> volumes() {
    return copies.volumes();
  }

  /** How all copies stand, by volume and peer. */
  public List<CopyStatus> status() {
    return copies.status();
  }

  /** How the copies of one volume stand, by peer. */
  public List<CopyStatus> status(VolumeId volume) {
    return status().stream().filter(copy -> copy.volume().equals(volume)).toList();
  }

  @Override
  public Optional<Duration> round() {
    try {
      records.read();
      end(
          copies.adopt(replicator.wanted()),
          TransferFailure.CANCELLED.because("no policy wants that copy any more"));
      tellOfOthers();
      save();
    } catch (FailureException e) {
      tellOnce(e); // The pool is away, or the state's disk: what is tracked stays as it is.
    }
    return begin();
  }

  private void tellOfOthers() {
    Set<VolumeId> now = copies.volumes();
    if (!now.equals(toldVolumes)) {
      toldVolumes = now;
      othersListener.run();
    }
  }

  private Optional<Duration> begin() {
    List<ReplicationRun> stalled;
    List<ReplicationRun> pushes;
    Optional<ReplicationRun> comparison;
    Duration pause;
    synchronized (copies) {
      if (copies.isClosed()) {
        return Optional.empty();
      }
      Instant now = copies.now();
      stalled = schedule.stalled(now);
      pushes = schedule.beginPushes(now);
      comparison = schedule.beginComparison(now);
      copies.tell(now);
      pause = schedule.pause(now);
    }
    stalled.forEach(this::endStalled);
    pushes.forEach(run -> executor.execute(() -> worker.push(run)));
    comparison.ifPresent(run -> executor.execute(() -> worker.compare(run)));
    return Optional.of(pause);
  }

  private void endStalled(ReplicationRun run) {
    PhaseWatch watch = run.watch();
    run.end(
        TransferFailure.STALLED
            .because(
                "no sign of life for %d s while it waited for %s"
                    .formatted(watch.silence(copies.now()).toSeconds(), watch.what().words()))
            .with("waitsFor", watch.what()));
    run.interrupt();
  }

  /** Begins nothing more, and ends what is under way: it is begun anew at the next start. */
  @Override
  public void close() {
    List<ReplicationRun> left = copies.close();
    end(left, RequestFailure.SHUTTING_DOWN.because("the daemon ends"));
    try {
      if (!copies.awaitEnd(GRACE)) {
        left.forEach(ReplicationRun::interrupt);
        boolean _ = copies.awaitEnd(GRACE);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    try {
      records.saveAll();
    } catch (FailureException e) {
      tellOnce(e);
    }
  }

  private static void end(List<ReplicationRun> runs, FailureException why) {
    runs.forEach(run -> run.end(why));
  }

  private void saveAndWake() {
    save();
    wake.run();
  }

  private void save() {
    try {
      records.save();
      isTold = false;
    } catch (FailureException e) {
      tellOnce(e); // The next round tries again; the copies go on meanwhile.
    }
  }

  /** What stays wrong is told once, not every round. */
  private void tellOnce(FailureException why) {
    if (!isTold) {
      isTold = true;
      Action.traceback(why);
    }
  }
}
