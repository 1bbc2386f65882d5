package io.flocker.core.operation;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import io.flocker.core.idempotency.KeyClaim;
import io.flocker.core.identity.Principal;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.operation.OperationStore.Kept;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The operations of this node: each is on disk before its start is answered, and found again after
 * any end of the daemon. Any thread may call; what asks the store or waits blocks. Whoever asks for
 * an operation that it may not see is told that there is none.
 */
public final class Operations implements AutoCloseable {
  /** More at once than a node's disks can serve. */
  public static final int MAX_RUNNING = 256;

  /** How many may wait beside them, on disk like the others. */
  public static final int MAX_WAITING = 4_096;

  /** How often one may begin that the daemon's end cuts short: it may be what ends the daemon. */
  static final int MAX_ATTEMPTS = 5;

  private static final Duration KEPT = Duration.ofDays(7);
  private static final int MOST_KEPT = 10_000;

  private final NodeId self;
  private final OperationStore store;
  private final OperationKinds kinds;
  private final OperationObserver observer;
  private final InstantSource clock;
  private final Duration grace;
  private final OperationQueue queue = new OperationQueue(MAX_RUNNING, MAX_WAITING, this::launch);

  /**
   * Starts with none running: see {@link #recover}.
   *
   * @param self the node that they are done at
   * @param kinds how those go on that were cut short
   * @param grace how long {@link #close} waits for those that still run
   */
  public Operations(
      NodeId self,
      OperationStore store,
      OperationKinds kinds,
      OperationObserver observer,
      InstantSource clock,
      Duration grace) {
    this.self = self;
    this.store = store;
    this.kinds = kinds;
    this.observer = observer;
    this.clock = clock;
    this.grace = grace;
  }

  /**
   * Starts an operation: on a thread of its own, within a child of the current Eliot action, at
   * once or when fewer are running.
   *
   * @param volume which one it works on, if it works on one
   * @param input what a {@link Resumption} needs to go on with it: values that Jackson writes
   * @throws FailureException {@code SHUTTING_DOWN}, {@code TOO_MANY_REQUESTS} or {@code
   *     STATE_UNAVAILABLE}; nothing was started then
   */
  public OperationView start(
      String kind,
      Principal owner,
      Optional<VolumeId> volume,
      Map<String, Object> input,
      OperationBody body)
      throws FailureException {
    boolean hasToWait = queue.take();
    Kept fresh = fresh(kind, owner, volume, input, hasToWait);
    Action action = Action.start(ActionType.OPERATION, fields(fresh));
    try {
      store.add(fresh, KeyClaim.current());
    } catch (Throwable e) {
      queue.giveBack();
      action.fail(e);
      throw e;
    }
    return admit(new Operation(fresh, body, action, observer));
  }

  /**
   * Takes up what the daemon's last end cut short: runs it again as its kind says, or ends it as
   * interrupted. Called once, before the first {@link #start}.
   */
  public void recover() throws FailureException {
    for (Kept left : store.unfinished()) {
      Optional<OperationBody> body =
          left.attempts() < MAX_ATTEMPTS
              ? kinds.find(left.view().kind()).flatMap(kind -> kind.resumption().of(cutShort(left)))
              : Optional.empty();
      var _ = queue.take();
      Action action = Action.startTask(ActionType.OPERATION, fields(left));
      OperationBody next = body.orElse(OperationBody.forward(_ -> interrupted(left)));
      var _ = admit(new Operation(asQueued(left), next, action, observer));
    }
  }

  /** Whether an operation of that id has not ended. */
  public boolean isUnderWay(UUID id) {
    return queue.find(id).isPresent();
  }

  /** The operation, as it is now. */
  public Optional<OperationView> find(UUID id, OperationReader reader) throws FailureException {
    Optional<Operation> live = live(id, reader);
    return live.isPresent() ? live.map(Operation::view) : kept(id, reader);
  }

  /** Those that {@code query} asks for, the newest first. */
  public List<OperationView> list(OperationQuery query) throws FailureException {
    Map<UUID, Operation> live = queue.all();
    return store.list(query).stream()
        .map(Kept::view)
        .map(view ->
            view.state().isEnd() || !live.containsKey(view.id())
                ? view
                : live.get(view.id()).view())
        .toList();
  }

  /** Waits until the operation has ended, at most so long; then tells how it is. */
  public Optional<OperationView> await(UUID id, OperationReader reader, Duration patience)
      throws FailureException, InterruptedException {
    Optional<Operation> live = live(id, reader);
    if (live.isEmpty()) {
      return kept(id, reader);
    }
    var _ = live.get().end().await(patience.toNanos(), TimeUnit.NANOSECONDS);
    return live.map(Operation::view);
  }

  /**
   * Asks an operation to end. One that was asked before is not asked again.
   *
   * @throws FailureException {@code PAST_COMMIT}, {@code OPERATION_ENDED} or {@code
   *     OPERATION_NOT_FOUND}
   */
  public void cancel(UUID id, OperationReader reader) throws FailureException {
    Optional<Operation> live = live(id, reader);
    if (live.isPresent()) {
      Operation operation = live.get();
      operation.cancel();
      if (queue.withdraw(operation)) {
        FailureException cause = TransferFailure.CANCELLED.because("it had not begun");
        operation.giveUp(cause);
        end(operation, operation.failed(cause, self, now()));
      }
      return;
    }
    OperationView kept =
        kept(id, reader)
            .orElseThrow(
                () -> OwnershipFailure.OPERATION_NOT_FOUND.because("there is no operation " + id));
    throw OwnershipFailure.OPERATION_ENDED.because(
        kept.kind() + " " + id + " has ended: it is " + kept.state());
  }

  /** Keeps what could not be kept before, and forgets some of what is old: to be called often. */
  public void upkeep() throws FailureException {
    for (Operation operation : queue.all().values()) {
      OperationView view = operation.view();
      if (view.state().isEnd()) {
        store.end(view);
        queue.forget(view.id());
      }
    }
    store.prune(clock.instant().minus(KEPT), MOST_KEPT);
  }

  /**
   * Takes no more operations, asks those that run to leave off, and waits for all of them, bounded.
   * What does not end by itself goes on after the next start; those past their commit are only
   * waited for. Idempotent.
   */
  @Override
  public void close() {
    List<Operation> left = queue.close();
    left.forEach(Operation::stop);
    long deadline = System.nanoTime() + grace.toNanos();
    try {
      for (Operation operation : left) {
        var _ = operation.end().await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Kept fresh(
      String kind,
      Principal owner,
      Optional<VolumeId> volume,
      Map<String, Object> input,
      boolean hasToWait) {
    Instant now = now();
    return new Kept(
        owner,
        input,
        hasToWait ? 0 : 1,
        new OperationView(
            Uuids.at(now),
            kind,
            hasToWait ? OperationState.QUEUED : OperationState.RUNNING,
            volume,
            Optional.empty(),
            now,
            Optional.empty(),
            hasToWait ? "queued" : "starting",
            0,
            OptionalLong.empty(),
            0,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private OperationView admit(Operation operation) {
    OperationView begun = operation.view();
    operation.tell(OperationObserver.Moment.STARTED);
    queue.add(operation);
    return begun;
  }

  private void launch(Operation operation) {
    OperationView view = operation.view();
    var _ = Thread.ofVirtual().name(view.kind() + "-" + view.id()).start(() -> run(operation));
  }

  private void run(Operation operation) {
    try {
      if (operation.attempt().isPresent()) {
        store.begin(operation.id(), operation.attempt().getAsInt());
        operation.begin();
      }
      end(operation, operation.succeeded(operation.run(), now()));
    } catch (Throwable e) {
      // An Error too: whoever waits has to be told. The failed action has logged it.
      operation.giveUp(e);
      if (operation.isLeftOff()) {
        operation.end().countDown();
      } else {
        end(operation, operation.failed(e, self, now()));
      }
    } finally {
      queue.leave();
    }
  }

  /** On disk first: what was told to have ended has ended, whatever happens then. */
  private void end(Operation operation, OperationView ended) {
    try {
      store.end(ended);
      operation.end(ended);
      queue.forget(operation.id());
    } catch (FailureException e) {
      Action.traceback(e);
      operation.end(ended); // Kept by the next upkeep.
    }
  }

  private static Kept asQueued(Kept left) {
    OperationView view = left.view();
    return new Kept(
        left.owner(),
        left.input(),
        left.attempts(),
        new OperationView(
            view.id(),
            view.kind(),
            OperationState.QUEUED,
            view.volume(),
            view.volumeName(),
            view.started(),
            Optional.empty(),
            "resuming",
            0,
            OptionalLong.empty(),
            0,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private static Resumption.CutShort cutShort(Kept left) {
    return new Resumption.CutShort(
        left.view().id(), left.view().volume(), left.input(), left.attempts() > 0);
  }

  private static Map<String, Object> interrupted(Kept left) throws FailureException {
    throw TransferFailure.INTERRUPTED.because(
        "the daemon ended while "
            + left.view().kind()
            + " "
            + left.view().id()
            + " was at work, "
            + left.attempts()
            + " times");
  }

  private static Map<String, Object> fields(Kept operation) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("operation", operation.view().id().toString());
    fields.put("kind", operation.view().kind());
    operation.view().volume().ifPresent(volume -> fields.put("volume", volume.toString()));
    fields.put("owner", operation.owner().name());
    return fields;
  }

  private Optional<Operation> live(UUID id, OperationReader reader) {
    return queue
        .find(id)
        .filter(operation -> reader.maySee(operation.owner(), operation.view().kind()));
  }

  private Optional<OperationView> kept(UUID id, OperationReader reader) throws FailureException {
    return store
        .find(id)
        .filter(kept -> reader.maySee(kept.owner(), kept.view().kind()))
        .map(Kept::view);
  }

  /** As exact as it is kept. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
