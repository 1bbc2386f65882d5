package io.flocker.http.client;

import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * What a node would do about a wish.
 *
 * @param generation of the wish
 * @param phases in order; none is empty
 * @param obstacles what would stay otherwise than wished
 */
public record WishPlan(
    long generation, boolean isEmpty, List<PlannedPhase> phases, List<PlannedObstacle> obstacles) {
  public WishPlan {
    phases = List.copyOf(phases);
    obstacles = List.copyOf(obstacles);
  }

  /** The steps of one phase. */
  public record PlannedPhase(String phase, List<PlannedStep> steps) {
    public PlannedPhase {
      Objects.requireNonNull(phase, "phase");
      steps = List.copyOf(steps);
    }
  }

  /**
   * One thing to do.
   *
   * @param text a sentence for people, without its period
   * @param waitsFor numbers of the steps before it
   * @param change the same for programs
   */
  public record PlannedStep(int number, String text, List<Integer> waitsFor, JsonNode change) {
    public PlannedStep {
      Objects.requireNonNull(text, "text");
      waitsFor = List.copyOf(waitsFor);
      Objects.requireNonNull(change, "change");
    }
  }

  /**
   * Something in the way.
   *
   * @param kind such as {@code node-unknown}
   * @param subject such as {@code application web}
   * @param text a sentence for people
   */
  public record PlannedObstacle(String kind, String subject, String text) {
    public PlannedObstacle {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(subject, "subject");
      Objects.requireNonNull(text, "text");
    }
  }
}
