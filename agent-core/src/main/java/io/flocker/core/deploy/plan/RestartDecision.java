package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.RestartPolicy;
import io.flocker.core.deploy.engine.ContainerState;
import io.flocker.core.deploy.engine.ContainerState.Health;
import java.time.Instant;

/**
 * What to do about a container whose application shall run here: a pure function of its state, its
 * policy and what is remembered of it. When a restart is to be, after the first ones failed, is for
 * whoever restarts.
 *
 * @param text why, half a sentence for people
 */
public record RestartDecision(Verdict verdict, String text) {
  /** What to do. */
  public enum Verdict {
    /** Nothing: it runs. */
    RUNS,
    /** Nothing: it has ended well, and its policy leaves it at that. */
    DONE,
    /** It does not do what it is for, and its policy leaves it at that. */
    LEFT,
    /** A new container takes its place. */
    RESTART
  }

  private static final RestartDecision RUNS = new RestartDecision(Verdict.RUNS, "it runs");

  /**
   * Decides.
   *
   * @param accepted when this node was told of the configuration that counts
   */
  public static RestartDecision of(
      RestartPolicy policy, ContainerState state, Run run, Instant accepted) {
    return switch (state.status()) {
      case RUNNING ->
          state.health().orElse(Health.HEALTHY) == Health.UNHEALTHY
              ? byPolicy(policy, trouble(state), run)
              : RUNS;
      case PAUSED, RESTARTING -> RUNS; // Somebody has a reason, and it has its volumes still.
      case CREATED, REMOVING -> new RestartDecision(Verdict.RESTART, trouble(state));
      case EXITED, DEAD -> ofEnded(policy, state, run, accepted);
    };
  }

  private static RestartDecision ofEnded(
      RestartPolicy policy, ContainerState state, Run run, Instant accepted) {
    if (run.wasInterrupted()) {
      return new RestartDecision(Verdict.RESTART, "it was interrupted, and did not end by itself");
    }
    if (state.ended().isPresent() && state.ended().get().isBefore(accepted)) {
      return new RestartDecision(
          Verdict.RESTART, trouble(state) + ", before the configuration was given");
    }
    boolean hasFailed = state.exitCode() != 0 || state.isOutOfMemory() || !state.error().isEmpty();
    if (!hasFailed && policy.name() != RestartPolicy.Name.ALWAYS) {
      return new RestartDecision(Verdict.DONE, trouble(state) + ", and is done");
    }
    return byPolicy(policy, trouble(state), run);
  }

  /** Of one that has failed: to be not healthy counts as that, too. */
  private static RestartDecision byPolicy(RestartPolicy policy, String trouble, Run run) {
    return switch (policy.name()) {
      case ALWAYS -> new RestartDecision(Verdict.RESTART, trouble);
      case NEVER -> left(trouble, "is never to be restarted");
      case ON_FAILURE -> {
        int most = policy.maximumRetries().orElse(Integer.MAX_VALUE);
        yield run.restarts() < most
            ? new RestartDecision(Verdict.RESTART, trouble)
            : left(trouble, "was restarted " + run.restarts() + " times, as often as it may be");
      }
    };
  }

  private static RestartDecision left(String trouble, String policy) {
    return new RestartDecision(Verdict.LEFT, trouble + ", and " + policy);
  }

  private static String trouble(ContainerState state) {
    return state.trouble().orElse("it runs");
  }
}
