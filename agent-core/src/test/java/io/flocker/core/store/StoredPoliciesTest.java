package io.flocker.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.policy.HookPolicy;
import io.flocker.core.replicate.policy.OnDivergence;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.replicate.policy.Policies;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.replicate.policy.RatePolicy;
import io.flocker.core.retention.RetentionRules;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoredPoliciesTest {
  private static final VolumeId VOLUME = VolumeId.random();
  private static final VolumeId OTHER = VolumeId.random();
  private static final VolumeId WISHED = VolumeId.random();
  private static final RetentionRules GRID =
      new RetentionRules(
          3, Optional.of(Duration.ofDays(2)), 24, 14, 8, 12, 3, ZoneId.of("Europe/Berlin"));
  private static final Policy FULL =
      new Policy(
          List.of(NodeId.random(), NodeId.random()),
          Duration.ofMinutes(5),
          Duration.ofMillis(1_500),
          InitialReplication.LATEST,
          GRID,
          Optional.of(RetentionRules.ofLast(7)),
          OnDivergence.ROTATE,
          Optional.of(
              new HookPolicy(
                  Optional.of("freeze"), Optional.of("thaw"), HookPolicy.OnFailure.GO_ON)),
          Optional.of(
              new RatePolicy(
                  OptionalLong.of(1 << 20),
                  List.of(
                      new RatePolicy.Hours(
                          LocalTime.of(22, 0),
                          LocalTime.of(6, 30),
                          Set.of(RatePolicy.Day.SUNDAY),
                          OptionalLong.empty())),
                  ZoneId.of("Europe/Berlin"))));

  @TempDir private Path folder;

  @Test
  void everyPartOfTheLastOneOutlivesTheDaemon() throws Exception {
    Policy usual = Policy.to(List.of(NodeId.random()));
    try (Database database = Database.open(folder)) {
      Policies policies = Policies.open(new StoredPolicies(database));
      policies.put(VOLUME, usual);
      policies.put(VOLUME, FULL);
      policies.put(OTHER, usual);
      policies.remove(OTHER);
      policies.set(WISHED, Optional.of(new OwnPolicy(usual, true)));
      policies.putNamespace("default", FULL, Policies.Condition.NONE);
      policies.putNamespace("other", usual, Policies.Condition.NONE);
      policies.removeNamespace("other", Policies.Condition.NONE);
    }

    try (Database database = Database.open(folder)) {
      StoredPolicies store = new StoredPolicies(database);
      assertEquals(
          Map.of(VOLUME, new OwnPolicy(FULL, false), WISHED, new OwnPolicy(usual, true)),
          store.volumes());
      assertEquals(Map.of("default", FULL), store.namespaces());
    }
  }
}
