package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerState;
import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.deploy.engine.UnknownContainer;
import io.flocker.core.deploy.plan.Run;
import io.flocker.core.failure.FailureException;
import io.flocker.core.log.Action;
import io.flocker.core.retry.Pauses;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is remembered of the containers of applications, beside what their engine says: how often
 * each was restarted, when the engine was away, and which were seen to end by themselves. Any
 * thread. Of a daemon before this one the last is known, and what containers are labelled with: how
 * often theirs were restarted.
 */
public final class Runs {
  /** What runs for so long has got over what made it end before. */
  static final Duration WELL = Duration.ofMinutes(10);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** An engine that is being stopped ends its containers around the time when it falls silent. */
  private static final Duration AROUND = Duration.ofSeconds(15);

  private final InstantSource clock;
  private final Instant boot;
  private final Instant begun;
  private final EndStore store;
  private final Consumer<FailureException> trouble;
  private final Map<String, Integer> restarts = new HashMap<>();
  private final Map<String, String> lastWords = new HashMap<>();
  private Instant awaySince;
  private Instant awayUntil;
  private boolean isAway;

  /** Whether that nothing can be written down has been told since something last could. */
  private boolean isToldOf;

  /**
   * Ends of containers that nobody made an end of, by id, as they were seen last; empty where no
   * daemon has looked that remembers them.
   */
  private Optional<Map<String, Instant>> ends;

  /** Those of them that outlive the daemon. */
  private Optional<Map<String, Instant>> stored;

  /** Asks an engine when it began, as {@code ContainerEngine.begun} tells. */
  @FunctionalInterface
  interface Beginning {
    Optional<Instant> ask() throws FailureException;
  }

  /**
   * When the engine began, if it tells.
   *
   * @param isFinal whether nothing else will be known later
   */
  private record Begun(Optional<Instant> time, boolean isFinal) {
    private static final Begun UNTOLD = new Begun(Optional.empty(), true);
    private static final Begun NOT_NOW = new Begun(Optional.empty(), false);
  }

  private Runs(
      InstantSource clock,
      Instant boot,
      EndStore store,
      Consumer<FailureException> trouble,
      Optional<Map<String, Instant>> ends) {
    this.trouble = trouble;
    this.clock = clock;
    this.boot = boot;
    this.store = store;
    this.ends = ends;
    this.stored = ends;
    this.begun = clock.instant();
    this.awaySince = Instant.MAX;
    this.awayUntil = Instant.MIN;
  }

  /**
   * Remembers what the daemon before has seen end.
   *
   * @param boot when this machine was started
   */
  public static Runs open(InstantSource clock, Instant boot, EndStore store)
      throws FailureException {
    return open(clock, boot, store, Action::traceback);
  }

  /**
   * The same.
   *
   * @param trouble is told once that nothing can be written down, until something can
   */
  static Runs open(
      InstantSource clock, Instant boot, EndStore store, Consumer<FailureException> trouble)
      throws FailureException {
    return new Runs(clock, boot, store, trouble, store.read());
  }

  /** The engine cannot be reached. */
  public synchronized void engineAway() {
    if (!isAway) {
      awaySince = clock.instant();
      awayUntil = Instant.MAX;
      isAway = true;
    }
  }

  /** The engine can be reached. */
  public synchronized void engineBack() {
    if (isAway) {
      awayUntil = clock.instant();
      isAway = false;
    }
  }

  /**
   * What there is to remember of these, by application. Blocks on the disk when one has ended, and
   * on the engine where that is news.
   *
   * @param containers all that there are
   */
  Map<String, Run> of(Containers containers, Beginning engine) {
    Map<String, Run> runs =
        look(containers, hasNews(containers.known()) ? begun(engine) : Begun.UNTOLD);
    keep();
    return runs;
  }

  /** The first look goes without the engine: it would take all that is done for interrupted. */
  private synchronized boolean hasNews(List<Container> containers) {
    return ends.isPresent()
        && containers.stream().anyMatch(one -> end(one).isPresent() && !wasSeen(one));
  }

  private Begun begun(Beginning engine) {
    try {
      Optional<Instant> time = engine.ask();
      // Of a clock that was put back since: what ended under that engine would be before it.
      boolean isAhead = time.filter(clock.instant()::isBefore).isPresent();
      return isAhead ? Begun.NOT_NOW : new Begun(time, true);
    } catch (FailureException _) {
      return Begun.NOT_NOW; // The next look asks again.
    }
  }

  private synchronized Map<String, Run> look(Containers containers, Begun engineBegun) {
    Map<String, Run> runs = new HashMap<>();
    Map<String, Instant> seen = new HashMap<>();
    for (Container container : containers.known()) {
      ContainerState state = container.state();
      if (hasRunWell(state)) {
        forget(container.application());
      }
      int _ =
          restarts.computeIfAbsent(container.application(), _ -> container.definition().restarts());
      boolean wasInterrupted = wasInterrupted(container, engineBegun.time());
      runs.put(
          container.application(),
          new Run(restarts.getOrDefault(container.application(), 0), wasInterrupted));
      if (!wasInterrupted && (engineBegun.isFinal() || wasSeen(container))) {
        end(container).ifPresent(end -> seen.put(container.id(), end));
      }
    }
    // One that cannot be looked at now has not been seen to, and will be.
    if (ends.isPresent() || containers.unknown().isEmpty()) {
      Map<String, Instant> before = ends.orElse(Map.of());
      containers.unknown().stream()
          .map(UnknownContainer::id)
          .filter(before::containsKey)
          .forEach(id -> seen.put(id, before.get(id)));
      ends = Optional.of(seen);
    }
    return runs;
  }

  /** Writes down those of which it is certain that the engine was not about to go. */
  private void keep() {
    Map<String, Instant> certain;
    synchronized (this) {
      Instant latest = clock.instant().minus(AROUND);
      if (ends.isEmpty()) {
        return;
      }
      Map<String, Instant> before = stored.orElse(Map.of());
      certain = new HashMap<>(ends.get());
      certain
          .entrySet()
          .removeIf(end ->
              end.getValue().isAfter(latest) && !end.getValue().equals(before.get(end.getKey())));
      if (isAway || stored.equals(Optional.of(certain))) {
        return;
      }
    }
    try {
      store.write(certain);
    } catch (FailureException e) {
      tellOnce(e); // The next look tries again.
      return;
    }
    synchronized (this) {
      isToldOf = false;
      stored = Optional.of(certain);
    }
  }

  private void tellOnce(FailureException why) {
    synchronized (this) {
      if (isToldOf) {
        return;
      }
      isToldOf = true;
    }
    trouble.accept(why);
  }

  private static Optional<Instant> end(Container container) {
    return container.state().end().map(end -> end.truncatedTo(ChronoUnit.MILLIS));
  }

  /**
   * The container of an application has ended by itself or is not well, and is replaced.
   *
   * @param words why, for people
   */
  synchronized void restarted(String application, String words) {
    int _ = restarts.merge(application, 1, Integer::sum);
    lastWords.put(application, words);
  }

  /** What was said when the application was restarted last, for that reason. */
  synchronized Optional<String> lastWords(String application) {
    return Optional.ofNullable(lastWords.get(application));
  }

  /** How often an application was restarted since it ran well. */
  synchronized int restarts(String application) {
    return restarts.getOrDefault(application, 0);
  }

  /** How long after it has ended an application is started again: at once the first time. */
  synchronized Duration pause(String application) {
    int before = restarts.getOrDefault(application, 0);
    return before == 0 ? Duration.ZERO : Pauses.after(before, FIRST_PAUSE, LONGEST_PAUSE);
  }

  /** Another application of that name is wished, or none: what happened before says nothing. */
  synchronized void forget(String application) {
    restarts.put(application, 0);
    lastWords.remove(application);
  }

  private boolean hasRunWell(ContainerState state) {
    Instant until = state.isAlive() ? clock.instant() : state.ended().orElse(Instant.MIN);
    return state
        .started()
        .filter(started -> Duration.between(started, until).compareTo(WELL) >= 0)
        .isPresent();
  }

  /**
   * Whether the machine or the engine has ended it. What ended before the engine began, and was not
   * seen to, counts as that: a job that is done twice is the lesser evil.
   */
  private boolean wasInterrupted(Container container, Optional<Instant> engineBegun) {
    ContainerState state = container.state();
    if (state.end().isEmpty()) {
      return false;
    }
    Instant ended = state.end().get();
    boolean isOfEarlierBoot = state.started().filter(started -> started.isBefore(boot)).isPresent();
    if ((isOfEarlierBoot && !ended.isBefore(boot.minus(AROUND)))
        || (!ended.isBefore(earlier(awaySince)) && !ended.isAfter(awayUntil))) {
      return true;
    }
    return !wasSeen(container)
        && engineBegun
            .map(ended::isBefore)
            .orElse(state.hasEndedUnseen() && ended.isBefore(begun)); // No daemon saw it go.
  }

  private boolean wasSeen(Container container) {
    return end(container).equals(ends.map(known -> known.get(container.id())));
  }

  private static Instant earlier(Instant when) {
    return when.equals(Instant.MAX) ? when : when.minus(AROUND);
  }
}
