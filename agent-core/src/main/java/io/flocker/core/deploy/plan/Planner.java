package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.plan.Places.Placed;

/**
 * Plans a node's part of the wish. Pure, and quick: whoever wants to know what would be done plans
 * and throws the plan away.
 */
public final class Planner {
  private Planner() {}

  /**
   * What has to be done here, as far as is known.
   *
   * @return the same for the same, in every member and order
   */
  public static Plan plan(Wish wish, Discovery discovery) {
    Situation situation = new Situation(wish, discovery);
    Departures departures = new Departures(situation);
    Draft draft = new Draft();
    for (Placed placed : situation.places().all()) {
      String name = placed.application().name();
      if (placed.place() instanceof Place.Unknown(Obstacle.Kind kind, String text)
          && !departures.goesOnHere(name)) {
        draft.add(new Obstacle(kind, Subject.application(name), name + " " + text));
      }
    }
    departures.obstacles().forEach(draft::add);
    VolumePlan volumes = new VolumePlan(situation, departures, draft);
    volumes.plan();
    new PolicyPlan(situation, departures, draft).plan();
    new ApplicationPlan(situation, departures, volumes, draft).plan();
    new RoutePlan(situation, draft).plan();
    return draft.plan(wish.generation());
  }
}
