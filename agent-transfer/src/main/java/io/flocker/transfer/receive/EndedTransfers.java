package io.flocker.transfer.receive;

import io.flocker.core.id.NodeId;
import io.flocker.transfer.protocol.TransferResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * How transfers ended, for senders whose answer was lost. Holds their results and nothing else of
 * them. One thread at a time.
 */
final class EndedTransfers {
  /** How long a result can be asked for. */
  private static final Duration KEPT = Duration.ofHours(24);

  /** Of below 1 KiB each, or some KiB where a problem tells the last words of the children. */
  private static final int MOST_KEPT = 1_000;

  private record Ended(NodeId sender, Instant since, TransferResult result) {}

  private final InstantSource clock;
  private final Map<UUID, Ended> ended =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Ended> eldest) {
          return size() > MOST_KEPT || isForgotten(eldest.getValue());
        }
      };

  EndedTransfers(InstantSource clock) {
    this.clock = clock;
  }

  /** Keeps a result. */
  void put(NodeId sender, TransferResult result) {
    var _ = ended.put(result.id(), new Ended(sender, clock.instant(), result));
  }

  /** Whether a transfer of that id has ended, whoever sent it. */
  boolean contains(UUID id) {
    return ended.containsKey(id);
  }

  /** How one ended that {@code sender} had announced. */
  Optional<TransferResult> find(NodeId sender, UUID id) {
    return Optional.ofNullable(ended.get(id))
        .filter(one -> one.sender().equals(sender) && !isForgotten(one))
        .map(Ended::result);
  }

  private boolean isForgotten(Ended one) {
    return one.since().plus(KEPT).isBefore(clock.instant());
  }
}
