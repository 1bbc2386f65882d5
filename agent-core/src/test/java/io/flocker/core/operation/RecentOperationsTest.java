package io.flocker.core.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecentOperationsTest {
  private Instant now = Instant.EPOCH;
  private final RecentOperations recent = new RecentOperations(2, Duration.ofHours(1), () -> now);

  @Test
  void onlySoManyAreRemembered() {
    OperationStore.Ended first = ended();
    OperationStore.Ended second = ended();
    OperationStore.Ended third = ended();
    List.of(first, second, third).forEach(recent::add);
    assertEquals(List.of(third, second), recent.newestFirst());
    assertEquals(Optional.empty(), recent.find(first.view().id()));
  }

  @Test
  void nothingIsRememberedForTooLong() {
    OperationStore.Ended operation = ended();
    recent.add(operation);
    now = now.plus(Duration.ofHours(1));
    assertEquals(Optional.of(operation), recent.find(operation.view().id()));
    now = now.plusNanos(1);
    assertEquals(Optional.empty(), recent.find(operation.view().id()));
    assertEquals(List.of(), recent.newestFirst());
  }

  private OperationStore.Ended ended() {
    return new OperationStore.Ended(
        new Principal.ControlService(),
        new OperationView(
            UUID.randomUUID(),
            "push",
            OperationState.SUCCEEDED,
            VolumeId.random(),
            now,
            Optional.of(now),
            "done",
            0,
            OptionalLong.empty(),
            0,
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty()));
  }
}
