package io.flocker.core.replicate;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.fanout.FanOut;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.loop.RoundLoop;
import io.flocker.core.operation.Wait;
import io.flocker.core.replicate.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the copies of this node's volumes as their policies want them. One thread at a time looks
 * around; pushes are done on threads of the executor's, and any thread may say what has happened
 * and ask how it stands.
 *
 * <p>Nothing is asked of ZFS or of a peer for a copy that nothing was written for.
 */
public final class Replication implements RoundLoop.Rounds {
  /** Between two looks where nothing tells that there is anything to see. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** The same while something is under way that may stall. */
  private static final Duration WATCHING = Duration.ofSeconds(5);

  /** How long the end of the daemon waits for pushes: with all else it stays below 10 s. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final NodeId self;
  private final Replicator replicator;
  private final ReplicationStore store;
  private final int most;
  private final Executor executor;
  private final InstantSource clock;
  private final Runnable wake;
  private final EventSink events;
  private final PhaseWatch.Limits limits;
  private final ReentrantLock saving = new ReentrantLock();

  private final Map<Copy, Tracked> copies = new HashMap<>();

  /** When a volume was last told to be written to. */
  private final Map<VolumeId, Instant> changes = new HashMap<>();

  /** When the last snapshot of a volume was begun that was taken here. */
  private final Map<VolumeId, Instant> snapshots = new HashMap<>();

  /** What is kept of copies that are none any more. */
  private final Set<Copy> toForget = new HashSet<>();

  /** What an earlier daemon has kept of copies that nobody has looked at yet. */
  private final Map<Copy, CopyRecord> kept = new HashMap<>();

  /** What was found to be gone before the first look: of these nothing that is kept holds. */
  private final Set<Copy> begunAnew = new HashSet<>();

  private volatile ObjLongConsumer<VolumeId> snapshotListener = (_, _) -> {};

  /** Numbers comparisons in the order in which they begin. */
  private long comparisons;

  private boolean isRead;
  private boolean hasLooked;
  private boolean isTold;
  private boolean isClosed;

  /** A copy, as the policies want it. Under the monitor of the replication. */
  private static final class Tracked {
    final Copy copy;
    Wanted wanted;
    CopyRecord record;
    boolean isUnsaved = true;
    Optional<ReplicationRun> run = Optional.empty();
    final Comparison comparison = new Comparison();
    CopyStatus.State state = CopyStatus.State.NEW;
    Instant since;

    Tracked(Copy copy, Wanted wanted, CopyRecord record, Instant now) {
      this.copy = copy;
      this.wanted = wanted;
      this.record = record;
      this.since = now;
    }

    void put(CopyRecord next) {
      isUnsaved = isUnsaved || !next.equals(record);
      record = next;
    }

    /** What has failed may go well now. */
    void tryAgain(Instant now) {
      record.setback().ifPresent(setback -> put(record.failed(setback.due(now))));
      comparison.tryAgain(now);
    }

    /** When it is to be compared; empty while it has something else to get over first. */
    Optional<Instant> comparisonDue() {
      return record.setback().isPresent()
          ? Optional.empty()
          : comparison.due(wanted.policy(), record);
    }

    /** All that is under way for it. */
    Stream<ReplicationRun> all() {
      return Stream.concat(run.stream(), comparison.run().stream());
    }

    /** When it may be brought up to date; empty if it is, or is being. */
    Optional<Instant> due() {
      if (run.isPresent() || record.changed().isEmpty()) {
        return Optional.empty();
      }
      if (record.setback().isPresent()) {
        return record.setback().map(Setback::nextTry);
      }
      Instant changed = record.changed().get();
      return Optional.of(
          record
              .last()
              .filter(_ -> wanted.isHere()) // Nothing is snapshotted of what is gone.
              .map(last -> last.taken().plus(wanted.policy().minInterval()))
              .filter(changed::isBefore)
              .orElse(changed));
    }
  }

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
    this(self, replicator, store, most, executor, clock, wake, events, PhaseWatch.Patience::of);
  }

  /**
   * The same.
   *
   * @param limits how long what is under way may give no sign of life
   */
  Replication(
      NodeId self,
      Replicator replicator,
      ReplicationStore store,
      int most,
      Executor executor,
      InstantSource clock,
      Runnable wake,
      EventSink events,
      PhaseWatch.Limits limits) {
    this.self = self;
    this.replicator = replicator;
    this.store = store;
    this.most = most;
    this.executor = executor;
    this.clock = clock;
    this.wake = wake;
    this.events = events;
    this.limits = limits;
  }

  /** Something was written to a volume. Does not wait. */
  public void changed(VolumeId volume, Instant when) {
    synchronized (this) {
      changes.put(volume, now());
      for (Tracked tracked : copies.values()) {
        if (tracked.copy.volume().equals(volume)) {
          tracked.put(tracked.record.changed(when));
          tracked.run.ifPresent(run -> run.changed(when));
        }
      }
    }
    wake.run();
  }

  /**
   * A push, whoever asked for it, has found nothing at the peer. What was found in a copy that is
   * no more says nothing of the one that comes, which is looked after until it is proven. Does not
   * wait.
   */
  public void beginsAnew(Copy copy) {
    synchronized (this) {
      if (!hasLooked) {
        begunAnew.add(copy);
      }
      tracked(copy)
          .ifPresent(tracked -> {
            tracked.comparison.lost(++comparisons);
            tracked.put(tracked.record.begunAnew(now()));
            tell(now());
          });
    }
    wake.run();
  }

  /**
   * Has {@code listener} told what the dataset of a volume referred to when it was snapshotted for
   * its copies; it does not wait.
   */
  public void onSnapshot(ObjLongConsumer<VolumeId> listener) {
    snapshotListener = listener;
  }

  /** Looks whether what has happened lets something be tried again. Does not wait. */
  public void heard(Event event) {
    switch (event.type()) {
      case PEER_REACHABLE, PEER_CHANGED -> {
        Object peer = event.members().get("node");
        tryAgain(tracked -> tracked.copy.peer().equals(peer));
      }
      case VOLUME_CREATED, VOLUME_ROLE_CHANGED, VOLUME_DESTROYED ->
          tryAgain(tracked -> event.volume().equals(Optional.of(tracked.copy.volume())));
      case PEER_REMOVED -> {
        Object peer = event.members().get("node");
        end(
            tracked -> tracked.copy.peer().equals(peer),
            TransferFailure.CANCELLED.because("node " + peer + " is no peer any more"));
      }
      default -> {}
    }
  }

  /**
   * Somebody begins to compare a copy; of one that no policy wants nothing is kept.
   *
   * @return to be told what came of it; where a comparison that began later has found something
   *     before, that counts
   */
  public Consumer<Verified> comparing(Copy copy) {
    Consumer<Verified> finding = finding(copy);
    return result -> {
      synchronized (this) {
        finding.accept(result);
      }
      save();
      wake.run();
    };
  }

  /** Whether a push of that id is under way. */
  public synchronized boolean isUnderWay(UUID operation) {
    return runs().stream().anyMatch(run -> run.id().equals(operation));
  }

  /** Whether it knows all copies that the policies want: not before its first look at the pool. */
  public synchronized boolean hasLooked() {
    return hasLooked;
  }

  /** Which volumes have copies. */
  public synchronized Set<VolumeId> volumes() {
    return copies.keySet().stream().map(Copy::volume).collect(Collectors.toUnmodifiableSet());
  }

  /** How all copies stand, by volume and peer. */
  public synchronized List<CopyStatus> status() {
    Map<String, CopyStatus> sorted = new TreeMap<>();
    Instant now = now();
    for (Tracked tracked : copies.values()) {
      sorted.put(tracked.copy.volume() + "/" + tracked.copy.peer(), status(tracked, now));
    }
    return List.copyOf(sorted.values());
  }

  /** How the copies of one volume stand, by peer. */
  public List<CopyStatus> status(VolumeId volume) {
    return status().stream().filter(copy -> copy.volume().equals(volume)).toList();
  }

  @Override
  public Optional<Duration> round() {
    try {
      read();
      adopt(replicator.wanted());
      save();
    } catch (FailureException e) {
      tellOnce(e); // The pool is away, or the state's disk: what is tracked stays as it is.
    }
    return begin();
  }

  /** Begins nothing more, and ends what is under way: it is begun anew at the next start. */
  @Override
  public void close() {
    List<ReplicationRun> left;
    synchronized (this) {
      isClosed = true;
      left = all();
    }
    left.forEach(run -> run.end(RequestFailure.SHUTTING_DOWN.because("the daemon ends")));
    try {
      if (!awaitEnd(GRACE)) {
        left.forEach(ReplicationRun::interrupt);
        boolean _ = awaitEnd(GRACE);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    save();
  }

  private synchronized boolean awaitEnd(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!all().isEmpty()) {
      long leftNanos = deadline - System.nanoTime();
      if (leftNanos <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
    }
    return true;
  }

  /** What an earlier daemon has kept is read once. */
  private void read() throws FailureException {
    if (!isRead) {
      store.list().forEach(record -> kept.put(record.copy(), record));
      isRead = true;
    }
  }

  /** From now on these are the copies; what is under way for others ends. */
  private void adopt(Map<VolumeId, Wanted> wanted) {
    Instant now = now();
    Map<Copy, Wanted> next = new HashMap<>();
    wanted.forEach((volume, what) ->
        what.policy().peers().stream()
            .filter(peer -> !peer.equals(self))
            .forEach(peer -> next.put(new Copy(volume, peer), what)));
    List<ReplicationRun> unwanted = new ArrayList<>();
    synchronized (this) {
      toForget.addAll(kept.keySet());
      // Of a volume that is gone only what has been looked after is told of.
      next.entrySet()
          .removeIf(entry ->
              !entry.getValue().isHere()
                  && !copies.containsKey(entry.getKey())
                  && !kept.containsKey(entry.getKey()));
      next.replaceAll((copy, what) ->
          what.isHere()
              ? what
              : tracked(copy).map(known -> what.called(known.wanted.name())).orElse(what));
      next.forEach((copy, what) -> {
        Tracked tracked = copies.get(copy);
        if (tracked == null) {
          // The daemon was not there to see what was written: it has to be looked at.
          CopyRecord record =
              Optional.ofNullable(kept.get(copy))
                  .filter(_ -> !begunAnew.contains(copy))
                  .map(before -> before.changed(now))
                  .orElseGet(() -> CopyRecord.fresh(copy, now));
          tracked = new Tracked(copy, what, record, now);
          tracked.state = state(tracked, now);
          copies.put(copy, tracked);
        }
        if (!tracked.wanted.equals(what)) {
          tracked.wanted = what;
          tracked.tryAgain(now);
          if (!what.isHere()) {
            tracked.put(tracked.record.changed(now)); // The try tells what is wrong.
          }
        }
      });
      for (Tracked tracked : List.copyOf(copies.values())) {
        if (!next.containsKey(tracked.copy)) {
          tracked.all().forEach(unwanted::add);
          var _ = copies.remove(tracked.copy);
          toForget.add(tracked.copy);
        }
      }
      changes.keySet().retainAll(wanted.keySet());
      snapshots.keySet().retainAll(wanted.keySet());
      toForget.removeAll(next.keySet());
      kept.clear();
      begunAnew.clear();
      hasLooked = true;
    }
    unwanted.forEach(
        run -> run.end(TransferFailure.CANCELLED.because("no policy wants that copy any more")));
  }

  private Optional<Duration> begin() {
    List<ReplicationRun> begun = new ArrayList<>();
    Optional<ReplicationRun> comparison;
    List<ReplicationRun> stalled = new ArrayList<>();
    Duration pause;
    synchronized (this) {
      if (isClosed) {
        return Optional.empty();
      }
      Instant now = now();
      for (Tracked tracked : copies.values()) {
        tracked.all().filter(run -> run.watch().isToBeEnded(now)).forEach(stalled::add);
      }
      List<ReplicationQueue.Waiting> waiting =
          copies.values().stream()
              .filter(tracked -> tracked.due().filter(due -> !due.isAfter(now)).isPresent())
              .map(tracked ->
                  new ReplicationQueue.Waiting(
                      tracked.copy, tracked.record.changed().orElseThrow()))
              .toList();
      int peers = (int) copies.keySet().stream().map(Copy::peer).distinct().count();
      List<Copy> next =
          ReplicationQueue.of(most, peers)
              .next(waiting, runs().stream().map(ReplicationRun::copy).toList());
      for (List<Copy> together : ReplicationQueue.together(next, this::isWell)) {
        begun.addAll(begin(together, now));
      }
      comparison = beginComparison(now);
      tell(now);
      pause = pause(now);
    }
    stalled.forEach(this::endStalled);
    begun.forEach(run -> executor.execute(() -> run(run)));
    comparison.ifPresent(run -> executor.execute(() -> compare(run)));
    return Optional.of(pause);
  }

  /** One at a time: more would only take the disks from each other. */
  private Optional<ReplicationRun> beginComparison(Instant now) {
    if (copies.values().stream().anyMatch(tracked -> tracked.comparison.run().isPresent())) {
      return Optional.empty();
    }
    return copies.values().stream()
        .filter(tracked -> tracked.comparisonDue().filter(due -> !due.isAfter(now)).isPresent())
        .min(Comparator.comparing(tracked -> tracked.comparisonDue().orElseThrow()))
        .map(tracked -> {
          ReplicationRun run =
              new ReplicationRun(Uuids.at(now), tracked.copy, clock, limits, FanOut.alone());
          run.waitsFor(Wait.VERIFYING);
          tracked.comparison.begun(run, finding(tracked.copy));
          return run;
        });
  }

  /** Those of one volume that may be sent the same stream. */
  private List<ReplicationRun> begin(List<Copy> together, Instant now) {
    List<ReplicationRun> begun = new ArrayList<>();
    List<Tracked> those = together.stream().flatMap(copy -> tracked(copy).stream()).toList();
    FanOut fanOut = fanOut(those);
    for (Tracked tracked : those) {
      Copy copy = tracked.copy;
      ReplicationRun run = new ReplicationRun(Uuids.at(now), copy, clock, limits, fanOut);
      tracked.run = Optional.of(run);
      begun.add(run);
    }
    return begun;
  }

  private static FanOut fanOut(List<Tracked> those) {
    return those.size() == 1
        ? FanOut.alone()
        : new FanOut(
            those.stream().map(tracked -> tracked.copy.peer()).toList(),
            FanOut.patience(those.getFirst().wanted.policy().maxLag()));
  }

  /** Of what has failed others are not kept waiting for. */
  private boolean isWell(Copy copy) {
    return tracked(copy).filter(tracked -> tracked.record.setback().isEmpty()).isPresent();
  }

  private Optional<Tracked> tracked(Copy copy) {
    return Optional.ofNullable(copies.get(copy));
  }

  private void endStalled(ReplicationRun run) {
    PhaseWatch watch = run.watch();
    run.end(
        TransferFailure.STALLED
            .because(
                "no sign of life for %d s while it waited for %s"
                    .formatted(watch.silence(now()).toSeconds(), watch.what().words()))
            .with("waitsFor", watch.what()));
    run.interrupt();
  }

  private void run(ReplicationRun run) {
    attempt(
        run,
        () ->
            ended(
                run,
                replicator.push(
                    run.copy(),
                    policy(run.copy()),
                    new Need(run),
                    () ->
                        run.end(
                            TransferFailure.CANCELLED.because("somebody wants the volume alone")),
                    run.fanOut(),
                    run)),
        why -> ended(run, why));
  }

  private void compare(ReplicationRun run) {
    attempt(
        run, () -> compared(run, replicator.verify(run.copy(), run)), why -> notCompared(run, why));
  }

  /** What is done on a thread of its own. */
  private interface Work {
    void run() throws Exception;
  }

  private void attempt(ReplicationRun run, Work work, Consumer<FailureException> failed) {
    run.on(Thread.currentThread());
    try {
      work.run();
    } catch (FailureException e) {
      failed.accept(run.reason().orElse(e));
    } catch (InterruptedException e) {
      failed.accept(run.reason().orElse(TransferFailure.CANCELLED.because("interrupted")));
    } catch (Exception | Error e) {
      Action.traceback(e);
      failed.accept(
          RequestFailure.INTERNAL_ERROR
              .because("this node's log tells why: " + e.getClass().getSimpleName())
              .causedBy(e));
    }
    boolean _ = Thread.interrupted(); // What is left to do is short.
    save();
    wake.run();
  }

  private synchronized Policy policy(Copy copy) throws FailureException {
    Tracked tracked = copies.get(copy);
    if (tracked == null) {
      throw TransferFailure.CANCELLED.because("no policy wants that copy any more");
    }
    return tracked.wanted.policy();
  }

  /** Of a snapshot that failed nobody need know: it is told of once it was taken. */
  private final class Need implements SnapshotNeed {
    private final ReplicationRun run;

    Need(ReplicationRun run) {
      this.run = run;
    }

    @Override
    public boolean mayBeWritten() {
      return Replication.this.mayBeWritten(run);
    }

    @Override
    public void taken(long referencedBytes) {
      VolumeId volume = run.copy().volume();
      synchronized (Replication.this) {
        run.snapshotBegun().ifPresent(begun -> snapshots.put(volume, begun));
      }
      snapshotListener.accept(volume, referencedBytes);
    }
  }

  /**
   * Whether a change was told of since the last snapshot of ours was begun. One that was begun
   * after the run does all the same, and what was written meanwhile is the next run's: else copies
   * that begin together would seldom be sent one stream of a volume that is being written.
   */
  private synchronized boolean mayBeWritten(ReplicationRun run) {
    Instant snapshot = snapshots.get(run.copy().volume());
    Instant change = changes.get(run.copy().volume());
    if (snapshot == null) {
      return true;
    }
    if (change == null || change.isBefore(snapshot)) {
      run.sends(snapshot);
      return false;
    }
    if (snapshot.isBefore(run.began())) {
      return true;
    }
    run.sendsWhatIsOlder(snapshot);
    return false;
  }

  private synchronized void ended(ReplicationRun run, Arrival arrival) {
    Tracked tracked = leave(run);
    if (tracked != null) {
      Arrival exact = run.snapshotBegun().map(arrival::takenAt).orElse(arrival);
      tracked.put(tracked.record.arrived(exact, run.changedMeanwhile()));
      tell(now());
    }
  }

  private synchronized void ended(ReplicationRun run, FailureException why) {
    Tracked tracked = leave(run);
    if (tracked != null && !isClosed) {
      int before = tracked.record.setback().map(Setback::tries).orElse(0);
      tracked.put(tracked.record.failed(Setback.after(before, why.toldBy(self), now())));
      tell(now());
    }
  }

  private synchronized void compared(ReplicationRun run, Verified result) {
    Optional<Consumer<Verified>> finding =
        tracked(run.copy()).map(tracked -> tracked.comparison.finding());
    if (leaveComparison(run)) {
      finding.ifPresent(found -> found.accept(result));
    }
  }

  private synchronized void notCompared(ReplicationRun run, FailureException why) {
    if (leaveComparison(run) && !isClosed) {
      tracked(run.copy()).ifPresent(tracked -> tracked.comparison.failed(why.toldBy(self), now()));
    }
  }

  private boolean leaveComparison(ReplicationRun run) {
    notifyAll();
    return tracked(run.copy()).filter(tracked -> tracked.comparison.left(run)).isPresent();
  }

  /** Takes what is found under the monitor of this. */
  private synchronized Consumer<Verified> finding(Copy copy) {
    long number = ++comparisons;
    return result -> found(copy, number, result);
  }

  private void found(Copy copy, long number, Verified result) {
    tracked(copy)
        .filter(tracked -> tracked.comparison.isNewest(number))
        .ifPresent(tracked -> {
          tracked.comparison.succeeded();
          tracked.put(tracked.record.verified(result));
          tell(now());
        });
  }

  private @Nullable Tracked leave(ReplicationRun run) {
    notifyAll();
    Tracked tracked = copies.get(run.copy());
    if (tracked == null || !tracked.run.equals(Optional.of(run))) {
      return null;
    }
    tracked.run = Optional.empty();
    return tracked;
  }

  private void tryAgain(Predicate<Tracked> which) {
    synchronized (this) {
      Instant now = now();
      for (Tracked tracked : copies.values()) {
        if (which.test(tracked)) {
          tracked.tryAgain(now);
        }
      }
    }
    wake.run();
  }

  private void end(Predicate<Tracked> which, FailureException why) {
    List<ReplicationRun> ended;
    synchronized (this) {
      ended = copies.values().stream().filter(which).flatMap(Tracked::all).toList();
    }
    ended.forEach(run -> run.end(why));
    wake.run();
  }

  /** The pushes that are under way. */
  private synchronized List<ReplicationRun> runs() {
    return copies.values().stream().flatMap(tracked -> tracked.run.stream()).toList();
  }

  /** These, and what is compared. */
  private synchronized List<ReplicationRun> all() {
    return copies.values().stream().flatMap(Tracked::all).toList();
  }

  /** Tells of each copy that stands otherwise than before. */
  private void tell(Instant now) {
    for (Tracked tracked : copies.values()) {
      CopyStatus.State state = state(tracked, now);
      if (state != tracked.state) {
        CopyStatus.State before = tracked.state;
        tracked.state = state;
        tracked.since = now;
        CopyStatus status = status(tracked, now);
        events.tell(
            Event.of(
                EventType.REPLICATION_CHANGED,
                tracked.copy.volume(),
                Map.of("peer", tracked.copy.peer(), "before", before, "copy", status)));
      }
    }
  }

  private static CopyStatus.State state(Tracked tracked, Instant now) {
    if (tracked.all().anyMatch(run -> run.watch().isStalled(now))) {
      return CopyStatus.State.STALLED;
    }
    Optional<Setback.Kind> setback = tracked.record.setback().map(Setback::kind);
    if (setback.isPresent() && setback.get() != Setback.Kind.BUSY) {
      return setback.get() == Setback.Kind.HOPELESS
          ? CopyStatus.State.HINDERED
          : CopyStatus.State.FAILED;
    }
    if (tracked.record.hasDrifted()) {
      return CopyStatus.State.DRIFTED; // However current it is: it is not to be relied on.
    }
    if (tracked.record.last().isEmpty()) {
      return CopyStatus.State.NEW;
    }
    return lag(tracked, now).compareTo(tracked.wanted.policy().maxLag()) > 0
        ? CopyStatus.State.BEHIND
        : CopyStatus.State.CURRENT;
  }

  private static Duration lag(Tracked tracked, Instant now) {
    Duration lag =
        tracked.record.changed().map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
    return lag.isNegative() ? Duration.ZERO : lag;
  }

  private CopyStatus status(Tracked tracked, Instant now) {
    Optional<Setback> setback = tracked.record.setback();
    return new CopyStatus(
        tracked.copy.volume(),
        tracked.wanted.name(),
        tracked.copy.peer(),
        tracked.state,
        tracked.since,
        seconds(lag(tracked, now)),
        seconds(tracked.wanted.policy().maxLag()),
        bytes(tracked),
        tracked.record.last(),
        waitsFor(tracked, now),
        setback.map(Setback::tries).orElse(0),
        setback.map(Setback::problem),
        setback.filter(_ -> tracked.run.isEmpty()).map(Setback::nextTry),
        tracked.comparison.status(tracked.wanted.policy(), tracked.record));
  }

  private static OptionalLong bytes(Tracked tracked) {
    if (tracked.record.changed().isEmpty()) {
      return OptionalLong.of(0);
    }
    long left = tracked.run.map(ReplicationRun::leftBytes).orElse(0L);
    return left > 0 ? OptionalLong.of(left) : OptionalLong.empty();
  }

  private static CopyStatus.WaitsFor waitsFor(Tracked tracked, Instant now) {
    if (tracked.run.isPresent()) {
      return waitsFor(tracked.run.get());
    }
    Optional<Setback> setback = tracked.record.setback();
    if (setback.isPresent()) {
      return new CopyStatus.WaitsFor(
          "retry", "the next try, at " + setback.get().nextTry(), setback.get().at(), 0);
    }
    Optional<Instant> due = tracked.due();
    if (due.isEmpty() && tracked.comparison.run().isPresent()) {
      return waitsFor(tracked.comparison.run().get());
    }
    if (due.isEmpty()) {
      return new CopyStatus.WaitsFor(
          "change",
          "something to be written",
          tracked.record.last().map(Arrival::proven).orElse(tracked.since),
          0);
    }
    Instant changed = tracked.record.changed().orElse(now);
    return due.get().isAfter(now)
        ? new CopyStatus.WaitsFor("pause", "the pause that the policy wants", changed, 0)
        : new CopyStatus.WaitsFor("place", "a place beside the other streams", changed, 0);
  }

  private static CopyStatus.WaitsFor waitsFor(ReplicationRun run) {
    PhaseWatch watch = run.watch();
    return new CopyStatus.WaitsFor(
        watch.what().toString(), watch.what().words(), watch.since(), watch.sentBytes());
  }

  /** Until the next moment at which something is due, or looks otherwise. */
  private Duration pause(Instant now) {
    Instant next = now.plus(runs().isEmpty() ? LONGEST_PAUSE : WATCHING);
    for (Tracked tracked : copies.values()) {
      List<Optional<Instant>> moments =
          List.of(
              tracked.due(),
              tracked.comparisonDue(),
              tracked.record.changed().map(since -> since.plus(tracked.wanted.policy().maxLag())));
      for (Optional<Instant> moment : moments) {
        if (moment.isPresent() && moment.get().isAfter(now) && moment.get().isBefore(next)) {
          next = moment.get();
        }
      }
    }
    return Duration.between(now, next).plusMillis(1);
  }

  /** Writes down what is not written down yet, on the caller's thread. */
  private void save() {
    saving.lock();
    try {
      List<CopyRecord> changed;
      List<Copy> gone;
      synchronized (this) {
        changed =
            copies.values().stream()
                .filter(tracked -> tracked.isUnsaved)
                .map(tracked -> tracked.record)
                .toList();
        gone = List.copyOf(toForget);
      }
      for (CopyRecord record : changed) {
        store.put(record);
        saved(record);
      }
      for (Copy copy : gone) {
        store.remove(copy);
        synchronized (this) {
          toForget.remove(copy);
        }
      }
      isTold = false;
    } catch (FailureException e) {
      tellOnce(e); // The next round tries again; the copies go on meanwhile.
    } finally {
      saving.unlock();
    }
  }

  private synchronized void saved(CopyRecord record) {
    Tracked tracked = copies.get(record.copy());
    if (tracked != null && tracked.record.equals(record)) {
      tracked.isUnsaved = false;
    }
  }

  /** What stays wrong is told once, not every round. */
  private void tellOnce(FailureException why) {
    if (!isTold) {
      isTold = true;
      Action.traceback(why);
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1_000.0;
  }

  /** As exact as it is kept. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
