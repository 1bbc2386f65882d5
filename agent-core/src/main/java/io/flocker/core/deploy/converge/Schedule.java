package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.plan.Change;
import io.flocker.core.deploy.plan.Obstacle;
import io.flocker.core.deploy.plan.Plan;
import io.flocker.core.deploy.plan.Subject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** How far a plan is. Guarded by whoever has it. */
final class Schedule {
  /** Nothing to do. */
  static final Schedule EMPTY =
      new Schedule(new Plan(0, List.of(), List.of()), List.of(), Set.of());

  private final Plan plan;
  private final Map<Integer, Plan.Step> steps = new HashMap<>();
  private final Set<Integer> begun = new HashSet<>();
  private final Set<Integer> done = new HashSet<>();

  /** What was planned of an object that something was done to meanwhile. */
  private final Set<Integer> doubtful = new HashSet<>();

  private Schedule(Plan plan, List<Change> underWay, Set<Subject> touched) {
    this.plan = plan;
    plan.steps().forEach(step -> steps.put(step.number(), step));
    plan.steps()
        .filter(step -> underWay.contains(step.change()))
        .forEach(step -> begun.add(step.number()));
    plan.steps()
        .filter(step -> !begun.contains(step.number()) && isDoubtful(step, touched))
        .forEach(step -> doubtful.add(step.number()));
  }

  /**
   * A plan that was just made.
   *
   * @param underWay the changes that are under way now
   * @param touched the objects of which one was since the look began that the plan was made by
   */
  static Schedule of(Plan plan, List<Change> underWay, Set<Subject> touched) {
    return new Schedule(plan, underWay, Set.copyOf(touched));
  }

  /** What it is about, of all that is left to do or in the way. */
  Set<Subject> open() {
    Set<Subject> open = new LinkedHashSet<>();
    left().forEach(step -> open.add(ownObject(step.change())));
    plan.obstacles().forEach(obstacle -> open.add(obstacle.subject()));
    return open;
  }

  /** What is not done yet, in order. */
  List<Plan.Step> left() {
    return plan.steps().filter(step -> !done.contains(step.number())).toList();
  }

  /** What can begin now, in order, as far as the plan is concerned. */
  List<Plan.Step> ready() {
    return plan.steps().filter(this::isReady).toList();
  }

  /** What is in the way. */
  List<Obstacle> obstacles() {
    return plan.obstacles();
  }

  /** What has to be done before {@code step}, and is not yet; the first of it. */
  Optional<Plan.Step> before(Plan.Step step) {
    return step.waitsFor().stream()
        .filter(number -> !done.contains(number))
        .flatMap(number -> Stream.ofNullable(steps.get(number)))
        .findFirst();
  }

  void begun(Plan.Step step) {
    begun.add(step.number());
  }

  /** A change has gone well; what waits for it may begin. */
  void done(Change change) {
    plan.steps()
        .filter(step -> step.change().equals(change))
        .forEach(step -> done.add(step.number()));
  }

  /** Of which object a change is the doing: the one that a failure of it holds up. */
  static Subject ownObject(Change change) {
    return switch (change) {
      case Change.OfPolicy ofPolicy -> Subject.replication(ofPolicy.volume().name());
      case Change.OfVolume ofVolume -> ofVolume.volume().subject();
      case Change.OfApplication ofApplication -> Subject.application(ofApplication.application());
      case Change.SetRoutes _ -> Subject.ROUTES;
    };
  }

  private boolean isReady(Plan.Step step) {
    return !begun.contains(step.number())
        && !done.contains(step.number())
        && !doubtful.contains(step.number())
        && !(step.change() instanceof Change.AwaitVolume)
        && done.containsAll(step.waitsFor());
  }

  /** Not where it follows what is under way, and was planned to. */
  private boolean isDoubtful(Plan.Step step, Set<Subject> touched) {
    Set<Subject> doubted = new HashSet<>(step.change().subjects());
    doubted.retainAll(touched);
    Set<Integer> before = new HashSet<>();
    collectBefore(step, before);
    before.stream()
        .filter(begun::contains)
        .flatMap(number -> Stream.ofNullable(steps.get(number)))
        .forEach(earlier -> doubted.removeAll(earlier.change().subjects()));
    return !doubted.isEmpty();
  }

  private void collectBefore(Plan.Step step, Set<Integer> into) {
    for (int number : step.waitsFor()) {
      Plan.Step earlier = steps.get(number);
      if (into.add(number) && earlier != null) {
        collectBefore(earlier, into);
      }
    }
  }
}
