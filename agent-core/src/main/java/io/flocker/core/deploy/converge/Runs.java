package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.ContainerState;
import io.flocker.core.deploy.plan.Run;
import io.flocker.core.retry.Pauses;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is remembered of the containers of applications, beside what their engine says: how often
 * each was restarted, and when the engine was away. Any thread. Of a daemon before this one only
 * what containers are labelled with is known: how often theirs were restarted.
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
  private final Map<String, Integer> restarts = new HashMap<>();
  private final Map<String, String> lastWords = new HashMap<>();
  private Instant awaySince;
  private Instant awayUntil;
  private boolean isAway;

  /**
   * Remembers nothing yet.
   *
   * @param boot when this machine was started
   */
  public Runs(InstantSource clock, Instant boot) {
    this.clock = clock;
    this.boot = boot;
    this.begun = clock.instant();
    this.awaySince = Instant.MAX;
    this.awayUntil = Instant.MIN;
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

  /** What there is to remember of these, by application. */
  synchronized Map<String, Run> of(List<Container> containers) {
    Map<String, Run> runs = new HashMap<>();
    for (Container container : containers) {
      ContainerState state = container.state();
      if (hasRunWell(state)) {
        forget(container.application());
      }
      int _ =
          restarts.computeIfAbsent(container.application(), _ -> container.definition().restarts());
      runs.put(
          container.application(),
          new Run(restarts.getOrDefault(container.application(), 0), wasInterrupted(state)));
    }
    return runs;
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

  /** Whether the machine or the engine has ended it. */
  private boolean wasInterrupted(ContainerState state) {
    if (state.isAlive() || state.ended().isEmpty()) {
      return false;
    }
    Instant ended = state.ended().get();
    boolean isOfEarlierBoot = state.started().filter(started -> started.isBefore(boot)).isPresent();
    return (isOfEarlierBoot && !ended.isBefore(boot.minus(AROUND)))
        || (state.hasEndedUnseen() && ended.isBefore(begun)) // No daemon saw the engine go.
        || (!ended.isBefore(earlier(awaySince)) && !ended.isAfter(awayUntil));
  }

  private static Instant earlier(Instant when) {
    return when.equals(Instant.MAX) ? when : when.minus(AROUND);
  }
}
