package io.flocker.core.deploy.plan;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a node has to do, in JSON what a dry run shows and as this record what is done: one form.
 * The same wish and discovery give the same plan, to the letter.
 *
 * @param generation of the configuration that it brings about
 * @param phases in order; none is empty
 * @param obstacles what stays otherwise than wished, by subject
 */
@JsonPropertyOrder({"generation", "isEmpty", "phases", "obstacles"})
public record Plan(long generation, List<PlannedPhase> phases, List<Obstacle> obstacles) {
  /** The steps of one phase, in order of what they are about. */
  public record PlannedPhase(Phase phase, List<Step> steps) {
    public PlannedPhase {
      steps = List.copyOf(steps);
    }
  }

  /**
   * A change with its place in the plan.
   *
   * @param number from 1, as the plan is read from its beginning
   * @param waitsFor numbers of the steps that have to have gone well before this one begins; each
   *     is less than its own
   */
  @JsonPropertyOrder({"number", "text", "waitsFor", "change"})
  public record Step(int number, Change change, List<Integer> waitsFor) {
    public Step {
      waitsFor = List.copyOf(waitsFor);
    }

    /** A sentence for people, without its period. */
    @JsonProperty
    public String text() {
      return change.text();
    }
  }

  public Plan {
    phases = List.copyOf(phases);
    obstacles = obstacles.stream().sorted().toList();
  }

  /** Whether there is nothing to do: all is as wished, but for the {@link #obstacles}. */
  @JsonProperty("isEmpty")
  public boolean isEmpty() {
    return phases.isEmpty();
  }

  /** All steps, in order: who does one after the other never has to wait. */
  public Stream<Step> steps() {
    return phases.stream().flatMap(phase -> phase.steps().stream());
  }
}
