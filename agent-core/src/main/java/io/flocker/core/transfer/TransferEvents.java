package io.flocker.core.transfer;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.NodeId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Tells how one stream goes. Any thread may call, event loops too. */
public final class TransferEvents {
  /** Between two events of progress. */
  private static final long PACE_NANOS = 1_000_000_000;

  private final EventSink events;
  private final TransferPlan plan;
  private final String direction;
  private final NodeId peer;
  private final AtomicLong toldNanos = new AtomicLong(System.nanoTime());
  private volatile long moved;

  private TransferEvents(EventSink events, TransferPlan plan, String direction, NodeId peer) {
    this.events = events;
    this.plan = plan;
    this.direction = direction;
    this.peer = peer;
    tell(EventType.TRANSFER_STARTED, members(0));
  }

  /** Tells that this node begins to send. */
  public static TransferEvents sending(EventSink events, TransferPlan plan, NodeId receiver) {
    return new TransferEvents(events, plan, "out", receiver);
  }

  /** Tells that this node begins to receive. */
  public static TransferEvents receiving(EventSink events, TransferPlan plan) {
    return new TransferEvents(events, plan, "in", plan.owner());
  }

  /** So much has moved; told now and then. */
  public void progress(long bytes) {
    moved = bytes;
    long now = System.nanoTime();
    long before = toldNanos.get();
    if (now - before >= PACE_NANOS && toldNanos.compareAndSet(before, now)) {
      tell(EventType.TRANSFER_PROGRESS, members(bytes));
    }
  }

  /** It has arrived. */
  public void succeeded(long bytes) {
    Map<String, Object> members = members(bytes);
    members.put("outcome", "succeeded");
    tell(EventType.TRANSFER_ENDED, members);
  }

  /** It has not. */
  public void failed(Exception why) {
    Map<String, Object> members = members(moved);
    members.put("outcome", "failed");
    Failure failure =
        why instanceof FailureException known ? known.failure() : RequestFailure.INTERNAL_ERROR;
    members.put("problem", failure.type());
    tell(EventType.TRANSFER_ENDED, members);
  }

  private Map<String, Object> members(long bytes) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("transfer", plan.id());
    members.put("direction", direction);
    members.put("peer", peer);
    members.put("kind", plan.kind());
    members.put("bytes", bytes);
    plan.estimateBytes().stream()
        .filter(estimate -> estimate >= 0)
        .forEach(estimate -> members.put("estimatedBytes", estimate));
    return members;
  }

  private void tell(EventType type, Map<String, Object> members) {
    events.tell(Event.of(type, plan.lineage(), members));
  }
}
