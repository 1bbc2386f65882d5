package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.plan.Change;
import io.flocker.core.deploy.plan.Obstacle;
import io.flocker.core.deploy.plan.Plan;
import io.flocker.core.deploy.plan.Subject;
import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.event.EventType;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How the objects of a wish stand, and since when. Any thread may ask. */
final class StatusBoard {
  private final InstantSource clock;
  private final EventSink events;
  private final Map<Subject, ObjectStatus> objects = new TreeMap<>();
  private long generation;
  private long reached;
  private Optional<Instant> looked = Optional.empty();
  private Set<Subject> wished = Set.of();
  private Map<Subject, String> remarks = Map.of();
  private boolean isAsWished = true;

  StatusBoard(InstantSource clock, EventSink events) {
    this.clock = clock;
    this.events = events;
  }

  /** How all of them stand. */
  synchronized ConvergenceStatus status() {
    return new ConvergenceStatus(generation, isAsWished, looked, List.copyOf(objects.values()));
  }

  /** How many are not as wished. */
  synchronized long notAsWished() {
    return objects.values().stream()
        .filter(object -> object.state() != ObjectStatus.State.AS_WISHED)
        .count();
  }

  /**
   * There was a look: these are all objects that the wish is about here.
   *
   * @param found what there is to say of those that are as wished
   */
  synchronized void looked(long at, Collection<Subject> about, Map<Subject, String> found) {
    generation = at;
    remarks = Map.copyOf(found);
    wished = Set.copyOf(about);
    looked = Optional.of(now());
  }

  /** Writes down how they stand by what is to be done, and tells what has changed. */
  synchronized void put(Schedule schedule, List<Change> underWay, Map<Subject, Setback> setbacks) {
    Set<Subject> all = new TreeSet<>(wished);
    all.addAll(schedule.open());
    underWay.forEach(change -> all.add(Schedule.ownObject(change)));
    objects.keySet().retainAll(all);
    for (Subject object : all) {
      put(object, status(object, schedule, underWay, Optional.ofNullable(setbacks.get(object))));
    }
    isAsWished = schedule.open().isEmpty() && underWay.isEmpty();
    if (isAsWished && reached != generation) {
      reached = generation;
      events.tell(
          Event.of(
              EventType.CONVERGENCE_REACHED,
              Map.of("generation", generation, "objects", objects.size())));
    }
  }

  private void put(Subject object, ObjectStatus status) {
    ObjectStatus before = objects.get(object);
    boolean isLike = before != null && status.isLike(before);
    objects.put(
        object,
        before != null && before.state() == status.state() ? status.with(before.since()) : status);
    if (!isLike) {
      events.tell(
          Event.of(
              EventType.CONVERGENCE_CHANGED,
              Map.of("generation", generation, "object", objects.get(object))));
    }
  }

  private ObjectStatus status(
      Subject object, Schedule schedule, List<Change> underWay, Optional<Setback> setback) {
    Optional<Change> change =
        underWay.stream().filter(one -> Schedule.ownObject(one).equals(object)).findFirst();
    if (change.isPresent()) {
      return of(object, ObjectStatus.State.CHANGING, change.get().text(), setback);
    }
    Optional<Plan.Step> step =
        schedule.left().stream()
            .filter(one -> Schedule.ownObject(one.change()).equals(object))
            .findFirst();
    if (step.isPresent() && setback.isPresent()) {
      return of(object, ObjectStatus.State.FAILED, step.get().text(), setback);
    }
    Optional<Obstacle> obstacle =
        schedule.obstacles().stream().filter(one -> one.subject().equals(object)).findFirst();
    if (obstacle.isPresent()) {
      return of(object, ObjectStatus.State.HINDERED, obstacle.get().text(), setback);
    }
    return step.isPresent()
        ? of(
            object,
            ObjectStatus.State.WAITING,
            schedule.before(step.get()).orElse(step.get()).text(),
            setback)
        : of(
            object,
            ObjectStatus.State.AS_WISHED,
            remarks.getOrDefault(object, ""),
            Optional.empty());
  }

  private ObjectStatus of(
      Subject object, ObjectStatus.State state, String text, Optional<Setback> setback) {
    return new ObjectStatus(
        object.kind().name().toLowerCase(Locale.ROOT),
        object.name(),
        state,
        text,
        now(),
        setback.map(Setback::problem),
        setback.map(Setback::tries).orElse(0),
        setback.filter(_ -> state == ObjectStatus.State.FAILED).map(Setback::notBefore));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
