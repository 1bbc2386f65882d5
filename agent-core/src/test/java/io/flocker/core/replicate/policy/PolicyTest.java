package io.flocker.core.replicate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flocker.core.id.NodeId;
import io.flocker.core.json.JsonMappers;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.retention.RetentionRules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final NodeId A = NodeId.parse("00000000-0000-4000-8000-00000000000a");
  private static final NodeId B = NodeId.parse("00000000-0000-4000-8000-00000000000b");
  private static final NodeId C = NodeId.parse("00000000-0000-4000-8000-00000000000c");

  @Test
  void whatJsonLeavesOutIsAsUsual() {
    assertEquals(
        Policy.to(List.of(B)),
        JsonMappers.WIRE.readValue("{\"peers\":[\"" + B + "\"]}", Policy.class));
    assertEquals(RetentionRules.USUAL, JsonMappers.WIRE.readValue("{}", RetentionRules.class));
  }

  @Test
  void itIsWrittenInOneForm() {
    assertEquals(
        """
        {"peers":["00000000-0000-4000-8000-00000000000b"],"maxLag":"PT1M","minInterval":"PT1S",\
        "history":"all","keep":{"last":2,"hourly":0,"daily":0,"weekly":0,"monthly":0,"yearly":0,\
        "timeZone":"Z"},"onDivergence":"report"}\
        """,
        JsonMappers.COLUMN.writeValueAsString(Policy.to(List.of(B))));
  }

  @Test
  void whoGivesItAwayHoldsACopyInPlaceOfWhoTakesIt() {
    Policy policy = Policy.to(List.of(B, C));

    assertEquals(List.of(A, C), policy.handedOver(A, B).peers());
    assertEquals(policy, policy.handedOver(A, B).handedOver(B, A));
    assertEquals(List.of(C), Policy.to(List.of(C)).handedOver(A, B).peers());
    assertEquals(List.of(A), Policy.to(List.of(A, B)).handedOver(A, B).peers());
  }

  @Test
  void whatCannotBeDoneIsRefused() {
    Stream.<Runnable>of(
            () -> Policy.to(List.of(B, B)),
            () -> Policy.to(Stream.generate(NodeId::random).limit(17).toList()),
            () -> new Policy(List.of(B), Duration.ofMillis(999), Duration.ofMillis(100)),
            () -> new Policy(List.of(B), Duration.ofDays(8), Duration.ofSeconds(1)),
            () -> new Policy(List.of(B), Duration.ofSeconds(5), Duration.ofSeconds(6)),
            () -> new Policy(List.of(B), Duration.ofSeconds(5), Duration.ofMillis(99)),
            () ->
                new Policy(
                    List.of(B),
                    Policy.USUAL_MAX_LAG,
                    Policy.USUAL_MIN_INTERVAL,
                    InitialReplication.FAIL,
                    RetentionRules.USUAL,
                    Optional.empty()),
            () -> RetentionRules.ofLast(-1),
            () -> RetentionRules.ofLast(100_001))
        .forEach(bad -> assertThrows(IllegalArgumentException.class, bad::run));
  }
}
