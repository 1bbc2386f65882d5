package io.flocker.core.operation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;

/** Remembers the last operations in memory, so many and for so long. Any thread may call. */
public final class RecentOperations implements OperationStore {
  private final int kept;
  private final Duration age;
  private final InstantSource clock;
  private final SequencedMap<UUID, Ended> operations = new LinkedHashMap<>();

  /** Remembers at most {@code kept} operations, each for at most {@code age}. */
  public RecentOperations(int kept, Duration age, InstantSource clock) {
    this.kept = kept;
    this.age = age;
    this.clock = clock;
  }

  @Override
  public synchronized void add(Ended operation) {
    operations.putLast(operation.view().id(), operation);
    forget();
  }

  @Override
  public synchronized Optional<Ended> find(UUID id) {
    forget();
    return Optional.ofNullable(operations.get(id));
  }

  @Override
  public synchronized List<Ended> newestFirst() {
    forget();
    return List.copyOf(operations.sequencedValues().reversed());
  }

  private void forget() {
    Instant oldest = clock.instant().minus(age);
    for (Map.Entry<UUID, Ended> first = operations.firstEntry();
        first != null && (operations.size() > kept || endedBefore(oldest, first.getValue()));
        first = operations.firstEntry()) {
      operations.pollFirstEntry();
    }
  }

  private static boolean endedBefore(Instant oldest, Ended operation) {
    return operation.view().finished().filter(oldest::isAfter).isPresent();
  }
}
