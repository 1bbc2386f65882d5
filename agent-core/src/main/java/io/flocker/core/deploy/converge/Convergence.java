package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.configuration.Configuration;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerState;
import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.deploy.plan.Change;
import io.flocker.core.deploy.plan.Discovery;
import io.flocker.core.deploy.plan.Plan;
import io.flocker.core.deploy.plan.Planner;
import io.flocker.core.deploy.plan.Subject;
import io.flocker.core.deploy.plan.Wish;
import io.flocker.core.event.EventSink;
import io.flocker.core.failure.EngineFailure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.Action;
import io.flocker.core.loop.RoundLoop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Compares the wish with what is there, and has done what differs: some changes at once, each
 * object one at a time. One thread at a time looks around; changes are done on threads of the
 * executor's, and any thread may ask how it stands.
 *
 * <p>Nothing waits for a timer that an event could tell of: a change that has ended lets those
 * begin that the same plan has behind it. A plan is thrown away with the next look, but for what is
 * under way; what was planned of an object while a change of it was under way is not believed.
 */
public final class Convergence implements RoundLoop.Rounds {
  /** Changes of one pace that are under way at one time. */
  static final int MOST_AT_ONCE = 8;

  /** All nodes were told at the same moment: they do not all look at the same one. */
  public static final double JITTER = 0.2;

  /** After that time what was done ahead of a move is done again: more has been written since. */
  static final Duration AHEAD = Duration.ofMinutes(1);

  /** Between two looks where nothing tells that there is anything to see. */
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** Data may take hours to arrive, and images too: what has ended is restarted meanwhile. */
  private enum Pace {
    MOVE,
    RESTART,
    OTHER;

    static Pace of(Change change) {
      return switch (change) {
        case Change.PushVolume _, Change.HandOffVolume _, Change.PrepareApplication _ -> MOVE;
        case Change.RestartApplication restart when ChangeWork.isByItself(restart) -> RESTART;
        default -> OTHER;
      };
    }
  }

  private final NodeId self;
  private final Supplier<Configuration> configuration;
  private final Discoverer discoverer;
  private final ChangeWork work;
  private final Runs runs;
  private final Executor executor;
  private final InstantSource clock;
  private final Runnable wake;
  private final StatusBoard board;

  private final List<Running> running = new ArrayList<>();
  private final Map<Subject, Setback> setbacks = new HashMap<>();

  /** What was changed since the present look began. */
  private final Set<Subject> touched = new HashSet<>();

  /** What was done ahead of a move, and when: it is not done again while the rest of it waits. */
  private final Map<Change, Instant> ahead = new HashMap<>();

  private Configuration present = Configuration.NONE;
  private Schedule schedule = Schedule.EMPTY;
  private boolean isClosed;

  /** A change that is under way. */
  private record Running(Change change, Configuration part, Cancellation cancellation) {
    boolean isAboutOneOf(Collection<Subject> subjects) {
      return change.subjects().stream().anyMatch(subjects::contains);
    }
  }

  /**
   * Has what {@code configuration} wishes brought about.
   *
   * @param executor runs each change that is given to it, on a thread of its own
   * @param wake is called when it is worth while to look around
   * @param events is told how objects stand
   */
  public Convergence(
      NodeId self,
      Supplier<Configuration> configuration,
      Discoverer discoverer,
      ChangeWork work,
      Runs runs,
      Executor executor,
      InstantSource clock,
      Runnable wake,
      EventSink events) {
    this.self = self;
    this.configuration = configuration;
    this.discoverer = discoverer;
    this.work = work;
    this.runs = runs;
    this.executor = executor;
    this.clock = clock;
    this.wake = wake;
    this.board = new StatusBoard(clock, events);
  }

  /** How far it is. */
  public ConvergenceStatus status() {
    ConvergenceStatus status = board.status();
    boolean isLatest = status.generation() == configuration.get().generation();
    return isLatest
        ? status
        : new ConvergenceStatus(status.generation(), false, status.looked(), status.objects());
  }

  /** How many objects are not as wished. */
  public long notAsWished() {
    return board.notAsWished();
  }

  /** What would be done if {@code wish} was given now; nothing is. Blocks. */
  public Plan plan(Configuration wish) {
    Discovery discovery = discoverer.discover(wish.deployment());
    return Planner.plan(
        new Wish(wish.deployment(), wish.generation(), wish.accepted().orElseGet(clock::instant)),
        discovery);
  }

  /**
   * Looks around once, and begins whatever can begin.
   *
   * @return after what time there is something to do again if nothing happens until then; empty if
   *     there is no wish
   */
  @Override
  public Optional<Duration> round() {
    Configuration wish = configuration.get();
    if (!wish.isThere()) {
      return Optional.empty();
    }
    adopt(wish);
    Discovery discovery = discoverer.discover(wish.deployment());
    Plan plan =
        Planner.plan(
            new Wish(wish.deployment(), wish.generation(), wish.accepted().orElseThrow()),
            discovery);
    return Optional.of(take(wish, plan, discovery));
  }

  /** Begins nothing more. What is under way ends with what does it, or goes on after the start. */
  @Override
  public synchronized void close() {
    isClosed = true;
    schedule = Schedule.EMPTY;
  }

  /** Another wish counts: what is under way for objects of which it wants something else ends. */
  private void adopt(Configuration wish) {
    List<Cancellation> unwanted = new ArrayList<>();
    synchronized (this) {
      touched.clear();
      running.forEach(one -> touched.addAll(one.change().subjects()));
      if (wish.generation() == present.generation()) {
        return;
      }
      WishDifference difference = new WishDifference(present.deployment(), wish.deployment());
      setbacks.keySet().removeIf(difference::concerns);
      if (present.isThere()) { // The first one after the daemon's start is no other.
        difference.applications().forEach(runs::forget);
      }
      ahead.keySet().removeIf(one -> one.subjects().stream().anyMatch(difference::concerns));
      for (Running one : running) {
        if (one.change().subjects().stream().anyMatch(difference::concerns)) {
          unwanted.add(one.cancellation());
        }
      }
      present = wish;
      schedule = Schedule.EMPTY;
    }
    unwanted.forEach(Cancellation::cancel);
  }

  private synchronized Duration take(Configuration wish, Plan plan, Discovery discovery) {
    if (isClosed) {
      return LONGEST_PAUSE;
    }
    discovery
        .containers()
        .ifPresent(found ->
            work.looked(found, name -> touched.contains(Subject.application(name)), executor));
    schedule = Schedule.of(plan, underWay(), touched);
    Instant now = clock.instant();
    Set<Change> planned = plan.steps().map(Plan.Step::change).collect(Collectors.toSet());
    ahead
        .entrySet()
        .removeIf(
            one -> !planned.contains(one.getKey()) || one.getValue().plus(AHEAD).isBefore(now));
    ahead.keySet().forEach(schedule::done);
    Set<Subject> open = schedule.open();
    setbacks.keySet().removeIf(object -> !open.contains(object));
    for (Plan.Step step : schedule.left()) {
      if (step.change() instanceof Change.RestartApplication restart) {
        postpone(restart, discovery, now);
      }
    }
    begin();
    board.looked(wish.generation(), objects(wish.deployment(), discovery), remarks(discovery));
    board.put(schedule, underWay(), setbacks);
    return pause(now);
  }

  /** An application that ends again and again is started ever later. */
  private void postpone(Change.RestartApplication restart, Discovery discovery, Instant now) {
    int restarts = runs.restarts(restart.application());
    if (restarts == 0 || !ChangeWork.isByItself(restart)) {
      return;
    }
    Optional<ContainerState> state =
        discovery.containers().orElse(Containers.NONE).known().stream()
            .filter(container -> container.application().equals(restart.application()))
            .map(Container::state)
            .findFirst();
    Optional<Instant> last = state.flatMap(one -> one.isAlive() ? one.started() : one.ended());
    if (last.isEmpty()) {
      return; // One that could not be started has not ended: that it failed is counted as that.
    }
    Instant notBefore = last.get().plus(runs.pause(restart.application()));
    Subject object = Schedule.ownObject(restart);
    Setback before = setbacks.get(object);
    boolean isLater = before == null || before.notBefore().isBefore(notBefore);
    if (isLater && now.isBefore(notBefore)) {
      String words = runs.lastWords(restart.application()).orElse(restart.text());
      setbacks.put(
          object,
          new Setback(
              restarts,
              problem(
                  EngineFailure.APPLICATION_ENDS.because(
                      restart.application() + " ends again and again: " + words)),
              notBefore));
    }
  }

  /** All that the wish is about on this node. */
  private List<Subject> objects(Deployment wish, Discovery discovery) {
    List<Subject> objects = new ArrayList<>();
    wish.nodes().stream()
        .filter(node -> node.isFor(self, discovery.addresses()))
        .flatMap(node -> wish.applications(node).stream())
        .forEach(application -> {
          objects.add(Subject.application(application.name()));
          for (MountedVolume volume : application.volumes()) {
            objects.add(Subject.volume(volume.name()));
            if (volume.replication().isPresent()) {
              objects.add(Subject.replication(volume.name()));
            }
          }
        });
    if (wish.placed().stream().anyMatch(application -> !application.ports().isEmpty())) {
      objects.add(Subject.ROUTES);
    }
    return objects;
  }

  private static Map<Subject, String> remarks(Discovery discovery) {
    String undone =
        discovery.routes().map(found -> String.join(" ", found.hindrances())).orElse("");
    return undone.isEmpty() ? Map.of() : Map.of(Subject.ROUTES, undone);
  }

  private void begin() {
    Instant now = clock.instant();
    for (Plan.Step step : schedule.ready()) {
      Change change = step.change();
      Set<Subject> subjects = change.subjects();
      boolean isFree = running.stream().noneMatch(one -> one.isAboutOneOf(subjects));
      Setback setback = setbacks.get(Schedule.ownObject(change));
      boolean isDue = setback == null || !now.isBefore(setback.notBefore());
      if (isFree && isDue && hasPlace(change)) {
        Running begun = new Running(change, present, new Cancellation());
        running.add(begun);
        touched.addAll(subjects);
        schedule.begun(step);
        executor.execute(() -> run(begun));
      }
    }
  }

  private boolean hasPlace(Change change) {
    Pace pace = Pace.of(change);
    return running.stream().filter(one -> Pace.of(one.change()) == pace).count() < MOST_AT_ONCE;
  }

  private void run(Running begun) {
    try {
      work.run(
          begun.change(),
          begun.part().deployment(),
          begun.part().generation(),
          begun.cancellation());
      ended(begun, Optional.empty());
    } catch (FailureException e) {
      ended(begun, Optional.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ended(begun, Optional.of(TransferFailure.CANCELLED.because("interrupted").causedBy(e)));
    } catch (RuntimeException | Error e) {
      Action.traceback(e);
      ended(
          begun,
          Optional.of(
              RequestFailure.INTERNAL_ERROR
                  .because("this node's log tells why: " + e.getClass().getSimpleName())
                  .causedBy(e)));
    }
  }

  private void ended(Running ended, Optional<FailureException> failure) {
    synchronized (this) {
      running.remove(ended);
      boolean isUnwanted =
          ended.cancellation().isCancelled()
              && failure.isPresent()
              && failure.get().failure() == TransferFailure.CANCELLED;
      if (failure.isEmpty()) {
        schedule.done(ended.change());
        if (isAhead(ended.change())) {
          ahead.put(ended.change(), clock.instant());
        }
      } else {
        if (!isUnwanted) {
          Setback before = setbacks.get(Schedule.ownObject(ended.change()));
          setbacks.put(
              Schedule.ownObject(ended.change()),
              Setback.after(
                  before == null ? 0 : before.tries(), problem(failure.get()), clock.instant()));
        }
      }
      if (!isClosed) {
        begin();
        board.put(schedule, underWay(), setbacks);
      }
    }
    wake.run();
  }

  private static boolean isAhead(Change change) {
    return change instanceof Change.PrepareApplication || change instanceof Change.PushVolume;
  }

  private Map<String, Object> problem(FailureException failure) {
    return failure.toldBy(self).document();
  }

  private List<Change> underWay() {
    return running.stream().map(Running::change).toList();
  }

  private Duration pause(Instant now) {
    Duration pause = LONGEST_PAUSE;
    for (Setback setback : setbacks.values()) {
      Duration left = Duration.between(now, setback.notBefore());
      if (left.isPositive() && left.compareTo(pause) < 0) {
        pause = left;
      }
    }
    return pause;
  }
}
