package io.flocker.transfer.board;

import io.flocker.core.id.NodeId;
import io.flocker.core.transfer.TransferDirection;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.http.api.TransferDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Who sends and receives what, now; and how much it was in all. Any thread may call. */
public final class TransferBoard {
  /** Hears of every stream that has ended. */
  @FunctionalInterface
  public interface Observer {
    /** Never blocks. */
    void ended(TransferDirection direction, boolean isGood, Duration lasted);
  }

  private final Observer observer;
  private final List<Entry> running = new ArrayList<>();
  private final Map<TransferDirection, Long> moved = new EnumMap<>(TransferDirection.class);

  /** A board that tells {@code observer}. */
  public TransferBoard(Observer observer) {
    this.observer = observer;
  }

  /** A stream on the board. */
  public final class Entry implements AutoCloseable {
    private final TransferDirection direction;
    private final TransferPlan plan;
    private final NodeId peer;
    private final LongSupplier bytes;
    private final Instant started = Instant.now();
    private final long startedNanos = System.nanoTime();
    private boolean isGood;

    private Entry(TransferDirection direction, TransferPlan plan, NodeId peer, LongSupplier bytes) {
      this.direction = direction;
      this.plan = plan;
      this.peer = peer;
      this.bytes = bytes;
    }

    /** It ends well. */
    public void succeed() {
      isGood = true;
      close();
    }

    /** It has ended. Idempotent. */
    @Override
    public void close() {
      if (take(this)) {
        observer.ended(direction, isGood, Duration.ofNanos(System.nanoTime() - startedNanos));
      }
    }

    private TransferDocument document() {
      return new TransferDocument(
          plan.id(),
          direction,
          plan.lineage(),
          peer,
          plan.kind(),
          started,
          bytes.getAsLong(),
          plan.estimateBytes());
    }
  }

  /**
   * Puts a stream on the board.
   *
   * @param peer who is at the other end
   * @param bytes how many it has moved, also once it has ended
   */
  public synchronized Entry begin(
      TransferDirection direction, TransferPlan plan, NodeId peer, LongSupplier bytes) {
    Entry entry = new Entry(direction, plan, peer, bytes);
    running.add(entry);
    return entry;
  }

  /** What is under way. */
  public synchronized List<TransferDocument> running() {
    return running.stream().map(Entry::document).toList();
  }

  /** How many bytes were moved since the start of the daemon. */
  public synchronized long bytes(TransferDirection direction) {
    return moved.getOrDefault(direction, 0L)
        + running.stream()
            .filter(entry -> entry.direction == direction)
            .mapToLong(entry -> entry.bytes.getAsLong())
            .sum();
  }

  private synchronized boolean take(Entry entry) {
    boolean wasThere = running.remove(entry);
    if (wasThere) {
      long _ = moved.merge(entry.direction, entry.bytes.getAsLong(), Long::sum);
    }
    return wasThere;
  }
}
