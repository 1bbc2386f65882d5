package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.plan.Plan.PlannedPhase;
import io.flocker.core.deploy.plan.Plan.Step;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Wrong orders and wrong changes, each of which the {@link ImitatedCluster} has to find. */
enum Plant implements UnaryOperator<Plan> {
  /** Applications start without waiting for anything. */
  START_AT_ONCE(withoutWaits(Change.StartApplication.class::isInstance)),
  /** Volumes are given away while they are used. */
  HAND_OFF_BEFORE_STOP(withoutWaits(Change.HandOffVolume.class::isInstance)),
  /** Applications stand still while their volumes are pushed. */
  STOP_BEFORE_PUSH(withoutWaits(Change.StopApplication.class::isInstance)),
  /** Whoever waits for a volume gives none away before it has come. */
  HAND_OFF_AFTER_AWAIT(Plant::handOffAfterAwait),
  /** What belongs to another node is taken for something that has come. */
  AWAIT_NOTHING(
      changed(
          Change.AwaitVolume.class,
          await ->
              new Change.SetRoutes(
                  io.flocker.core.deploy.route.Routing.NONE,
                  io.flocker.core.deploy.route.Routing.NONE))),
  /** What is elsewhere is created anew. */
  CREATE_FOR_AWAIT(
      changed(
          Change.AwaitVolume.class,
          await ->
              new Change.CreateVolume(
                  new VolumeReference(
                      io.flocker.core.volume.VolumeName.parse(await.volume().name() + "-anew"),
                      Optional.empty()),
                  OptionalLong.empty(),
                  Optional.empty(),
                  new TreeMap<>(),
                  List.of()))),
  /** Nobody gives anything away. */
  NO_HAND_OFF(without(Change.HandOffVolume.class::isInstance)),
  /** What shall run elsewhere runs on. */
  NO_STOP(without(Change.StopApplication.class::isInstance)),
  /** Nobody hears of another size. */
  NO_RESIZE(without(Change.ResizeVolume.class::isInstance)),
  /** Ports lead where they led. */
  NO_ROUTES(without(Change.SetRoutes.class::isInstance));

  private final UnaryOperator<Plan> change;

  Plant(UnaryOperator<Plan> change) {
    this.change = change;
  }

  @Override
  public Plan apply(Plan plan) {
    return change.apply(plan);
  }

  private static UnaryOperator<Plan> withoutWaits(Predicate<Change> which) {
    return steps(step ->
        which.test(step.change())
            ? List.of(new Step(step.number(), step.change(), List.of()))
            : List.of(step));
  }

  private static UnaryOperator<Plan> without(Predicate<Change> which) {
    return steps(step -> which.test(step.change()) ? List.of() : List.of(step));
  }

  private static <T extends Change> UnaryOperator<Plan> changed(
      Class<T> which, java.util.function.Function<T, Change> to) {
    return steps(step ->
        which.isInstance(step.change())
            ? List.of(new Step(step.number(), to.apply(which.cast(step.change())), step.waitsFor()))
            : List.of(step));
  }

  private static Plan handOffAfterAwait(Plan plan) {
    List<Integer> awaits =
        plan.steps()
            .filter(step -> step.change() instanceof Change.AwaitVolume)
            .map(Step::number)
            .toList();
    return steps(step ->
            step.change() instanceof Change.HandOffVolume
                ? List.of(new Step(step.number(), step.change(), awaits))
                : List.of(step))
        .apply(plan);
  }

  private static UnaryOperator<Plan> steps(java.util.function.Function<Step, List<Step>> change) {
    return plan ->
        new Plan(
            plan.generation(),
            plan.phases().stream()
                .map(phase ->
                    new PlannedPhase(
                        phase.phase(),
                        phase.steps().stream()
                            .flatMap(step -> change.apply(step).stream())
                            .toList()))
                .toList(),
            plan.obstacles());
  }
}
