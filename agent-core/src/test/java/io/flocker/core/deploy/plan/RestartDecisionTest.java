package io.flocker.core.deploy.plan;

import static io.flocker.core.deploy.plan.Scene.ACCEPTED;
import static io.flocker.core.deploy.plan.Scene.ended;
import static io.flocker.core.deploy.plan.Scene.running;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.deploy.RestartPolicy;
import io.flocker.core.deploy.engine.ContainerState;
import io.flocker.core.deploy.engine.ContainerState.Health;
import io.flocker.core.deploy.engine.ContainerState.Status;
import io.flocker.core.deploy.plan.RestartDecision.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RestartDecisionTest {
  private static final Instant LATER = ACCEPTED.plusSeconds(1);

  @ParameterizedTest
  @CsvSource({
    "never,      0, 0, DONE",
    "never,      1, 0, LEFT",
    "always,     0, 9, RESTART",
    "always,     1, 9, RESTART",
    "on-failure, 0, 0, DONE",
    "on-failure, 1, 9, RESTART",
    "at most 3,  0, 0, DONE",
    "at most 3,  1, 2, RESTART",
    "at most 3,  1, 3, LEFT",
    "at most 3,  1, 4, LEFT"
  })
  void whatEndedByItselfIsForItsPolicy(String policy, int exitCode, int restarts, Verdict verdict) {
    assertEquals(
        verdict,
        decide(policy(policy), ended(exitCode, LATER), new Run(restarts, false)).verdict());
  }

  @Test
  void aKillForWantOfMemoryOrAnErrorIsAFailureWhateverTheStatus() {
    for (ContainerState state :
        List.of(state(Status.EXITED, true, ""), state(Status.DEAD, false, "no such device"))) {
      assertEquals(Verdict.RESTART, decide(RestartPolicy.onFailure(), state, Run.FIRST).verdict());
    }
  }

  @Test
  void whatDidNotEndByItselfRunsAgain() {
    assertEquals(
        Verdict.RESTART, decide(RestartPolicy.NEVER, ended(0, LATER), new Run(0, true)).verdict());
  }

  @Test
  void whatEndedBeforeTheConfigurationWasGivenRunsAgain() {
    assertEquals(
        Verdict.RESTART,
        decide(RestartPolicy.NEVER, ended(0, ACCEPTED.minusMillis(1)), Run.FIRST).verdict());
  }

  @Test
  void whatWasMadeAndNeverRanIsTriedAgain() {
    assertEquals(
        Verdict.RESTART,
        decide(RestartPolicy.NEVER, state(Status.CREATED, false, "no port"), Run.FIRST).verdict());
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.class,
      names = {"RUNNING", "PAUSED", "RESTARTING"})
  void whatRunsIsLeftToRun(Status status) {
    assertEquals(
        Verdict.RUNS, decide(RestartPolicy.ALWAYS, state(status, false, ""), Run.FIRST).verdict());
  }

  @ParameterizedTest
  @CsvSource({
    "never,      0, LEFT",
    "always,     9, RESTART",
    "on-failure, 9, RESTART",
    "at most 3,  2, RESTART",
    "at most 3,  3, LEFT"
  })
  void notToBeHealthyIsAFailure(String policy, int restarts, Verdict verdict) {
    assertEquals(
        verdict,
        decide(policy(policy), running(Optional.of(Health.UNHEALTHY)), new Run(restarts, false))
            .verdict());
  }

  @Test
  void notToBeHealthyYetIsNone() {
    assertEquals(
        Verdict.RUNS,
        decide(RestartPolicy.ALWAYS, running(Optional.of(Health.STARTING)), Run.FIRST).verdict());
  }

  @Test
  void saysWhyItIsLeft() {
    assertEquals(
        "it ended with exit code 4, and was restarted 3 times, as often as it may be",
        decide(RestartPolicy.onFailure(3), ended(4, LATER), new Run(3, false)).text());
  }

  private static RestartDecision decide(RestartPolicy policy, ContainerState state, Run run) {
    return RestartDecision.of(policy, state, run, ACCEPTED);
  }

  private static RestartPolicy policy(String text) {
    return switch (text) {
      case "never" -> RestartPolicy.NEVER;
      case "always" -> RestartPolicy.ALWAYS;
      case "on-failure" -> RestartPolicy.onFailure();
      default -> RestartPolicy.onFailure(Integer.parseInt(text.substring("at most ".length())));
    };
  }

  private static ContainerState state(Status status, boolean isOutOfMemory, String error) {
    return new ContainerState(
        status,
        0,
        isOutOfMemory,
        error,
        Optional.empty(),
        "",
        Optional.of(ACCEPTED),
        Optional.of(LATER));
  }
}
