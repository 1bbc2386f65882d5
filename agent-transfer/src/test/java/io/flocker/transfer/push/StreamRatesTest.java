package io.flocker.transfer.push;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.policy.OnDivergence;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.replicate.policy.RatePolicy;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.volume.Volume;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.stream.RateSource;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StreamRatesTest {
  private static final long BY_DAY = 1 << 20;
  private static final long BY_NIGHT = 1 << 30;

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-27T12:00:00Z"));

  @Test
  void aStreamThatRunsHeedsTheHourAndTheNewestPolicy() throws Exception {
    Volume volume = nodes.first.create("default.db");
    StreamRates rates = new StreamRates(nodes.first.policies, now::get);
    RateSource running = rates.of(volume, new RecordingContext().inBackground());
    assertEquals(OptionalLong.empty(), running.bytesPerSecond(), "no policy");

    nodes.first.policies.put(volume.id(), policy(nodes, Optional.of(byHours())));
    assertEquals(OptionalLong.of(BY_DAY), running.bytesPerSecond());
    now.set(Instant.parse("2026-11-27T23:00:00Z"));
    assertEquals(OptionalLong.of(BY_NIGHT), running.bytesPerSecond());
    assertEquals(
        OptionalLong.empty(),
        rates.of(volume, new RecordingContext()).bytesPerSecond(),
        "somebody waits for it");

    nodes.first.policies.put(volume.id(), policy(nodes, Optional.empty()));
    assertEquals(OptionalLong.empty(), running.bytesPerSecond());
  }

  private static RatePolicy byHours() {
    return new RatePolicy(
        OptionalLong.of(BY_DAY),
        List.of(
            new RatePolicy.Hours(
                LocalTime.of(22, 0), LocalTime.of(6, 0), Set.of(), OptionalLong.of(BY_NIGHT))),
        ZoneOffset.UTC);
  }

  private static Policy policy(MemoryPair nodes, Optional<RatePolicy> rate) {
    return new Policy(
        List.of(nodes.second.id),
        Policy.USUAL_MAX_LAG,
        Policy.USUAL_MIN_INTERVAL,
        InitialReplication.ALL,
        RetentionRules.USUAL,
        Optional.empty(),
        OnDivergence.REPORT,
        Optional.empty(),
        rate);
  }
}
