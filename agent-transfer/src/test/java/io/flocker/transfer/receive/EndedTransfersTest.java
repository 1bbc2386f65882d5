package io.flocker.transfer.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import io.flocker.transfer.protocol.TransferResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EndedTransfersTest {
  private static final NodeId SENDER = NodeId.random();

  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private final EndedTransfers ended = new EndedTransfers(() -> now);

  @Test
  void itsSenderCanAskForADayHowOneEnded() {
    TransferResult result = result();
    ended.put(SENDER, result);
    now = now.plus(Duration.ofHours(24));
    assertEquals(Optional.of(result), ended.find(SENDER, result.id()));

    now = now.plusMillis(1);

    assertEquals(Optional.empty(), ended.find(SENDER, result.id()));
  }

  @Test
  void nobodyElseIsTold() {
    TransferResult result = result();
    ended.put(SENDER, result);
    assertEquals(Optional.empty(), ended.find(NodeId.random(), result.id()));
    assertTrue(ended.contains(result.id()), "its id is taken all the same");
  }

  @Test
  void aNodeThatIsPushedToAllDayKeepsTheLatestThousand() {
    List<TransferResult> results = new ArrayList<>();
    for (int i = 0; i < 1_001; i++) {
      results.add(result());
      ended.put(SENDER, results.getLast());
    }
    assertFalse(ended.contains(results.getFirst().id()));
    assertTrue(ended.contains(results.get(1).id()));
    assertTrue(ended.contains(results.getLast().id()));
  }

  private static TransferResult result() {
    return new TransferResult(
        UUID.randomUUID(), TransferResult.State.RECEIVED, 7, List.of(), Optional.empty());
  }
}
