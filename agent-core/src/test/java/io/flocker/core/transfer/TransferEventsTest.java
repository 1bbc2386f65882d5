package io.flocker.core.transfer;

import static io.flocker.core.plan.Listings.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.id.NodeId;
import io.flocker.core.plan.Step;
import io.flocker.core.plan.VolumeFixture;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.volume.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TransferEventsTest {
  private static final NodeId PEER = NodeId.random();

  private final Volume volume = VolumeFixture.volume(7);
  private final List<Event> told = new ArrayList<>();

  @Test
  void aStreamThatArrivesIsToldFromItsBeginningToItsEnd() {
    TransferPlan plan = plan(OptionalLong.of(4_096));
    TransferEvents.sending(told::add, plan, PEER).succeeded(5_000);

    assertEquals(
        List.of(EventType.TRANSFER_STARTED, EventType.TRANSFER_ENDED),
        told.stream().map(Event::type).toList());
    Map<String, ?> begin = members(0);
    assertEquals(plan.id(), begin.get("transfer"));
    assertEquals("out", begin.get("direction"));
    assertEquals(PEER, begin.get("peer"));
    assertEquals(0L, begin.get("bytes"));
    assertEquals(4_096L, begin.get("estimatedBytes"));
    assertEquals("succeeded", members(1).get("outcome"));
    assertEquals(5_000L, members(1).get("bytes"));
  }

  @Test
  void aStreamThatFailsIsToldWithHowFarItCameAndWhy() {
    TransferEvents telling = TransferEvents.receiving(told::add, plan(OptionalLong.empty()));
    telling.progress(1_234);
    telling.failed(TransferFailure.PEER_SILENT.because("nothing for 15 s"));

    Map<String, ?> end = members(told.size() - 1);
    assertEquals("in", end.get("direction"));
    assertEquals(volume.owner(), end.get("peer"));
    assertEquals("failed", end.get("outcome"));
    assertEquals(TransferFailure.PEER_SILENT.type(), end.get("problem"));
    assertEquals(1_234L, end.get("bytes"));
    assertFalse(end.containsKey("estimatedBytes"));
  }

  @Test
  void whatNobodyForesawIsToldAsSuch() {
    TransferEvents.sending(told::add, plan(OptionalLong.empty()), PEER)
        .failed(new IllegalStateException("a bug"));

    assertEquals(RequestFailure.INTERNAL_ERROR.type(), members(1).get("problem"));
  }

  @Test
  void anEstimateThatIsNoLengthIsNotTold() {
    var _ = TransferEvents.sending(told::add, plan(OptionalLong.of(-1)), PEER);
    var _ = TransferEvents.sending(told::add, plan(OptionalLong.of(0)), PEER);

    assertFalse(members(0).containsKey("estimatedBytes"));
    assertEquals(0L, members(1).get("estimatedBytes"));
  }

  private Map<String, ?> members(int event) {
    return told.get(event).members();
  }

  private TransferPlan plan(OptionalLong estimate) {
    return TransferPlan.of(
        new Step.Full(snapshot(2), SendFlags.NONE),
        volume,
        new UUID(1, 2),
        estimate,
        Map.of(),
        GrantChain.EMPTY);
  }
}
