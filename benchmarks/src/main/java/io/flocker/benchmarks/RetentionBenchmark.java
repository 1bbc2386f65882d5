package io.flocker.benchmarks;

import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.retention.Retention;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.SnapshotName;
import io.flocker.core.volume.SnapshotPurpose;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to say which of 100,000 snapshots of one volume may go, by all kinds of rules. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
public class RetentionBenchmark {
  private static final int SNAPSHOTS = 100_000;
  private static final Duration PAUSE = Duration.ofMinutes(10);
  private static final List<RetentionRules> RULES =
      List.of(
          new RetentionRules(
              10,
              Optional.of(Duration.ofDays(2)),
              24 * 7,
              365,
              52,
              12,
              10,
              ZoneId.of("Europe/Berlin")));

  private final List<Snapshot> snapshots = new ArrayList<>();
  private final Map<NodeId, Set<Guid>> held =
      Map.of(
          new NodeId(new UUID(0, 1)),
          Set.of(new Guid(SNAPSHOTS / 2)),
          new NodeId(new UUID(0, 2)),
          Set.of());

  /** Takes them. */
  @Setup
  public void take() {
    Instant time = Instant.parse("2024-01-01T00:00:00Z");
    for (int number = 1; number <= SNAPSHOTS; number++) {
      time = time.plus(PAUSE);
      String name = new SnapshotName(time, SnapshotPurpose.PUSH, number).toString();
      snapshots.add(new Snapshot(name, new Guid(number), number, time));
    }
  }

  /** All of them, as after years in which nothing was given up. */
  @Benchmark
  public List<Snapshot> expendable() {
    return Retention.expendable(snapshots, held, RULES);
  }
}
