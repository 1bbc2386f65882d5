package io.flocker.transfer.receive;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.core.transfer.TransferDirection;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.Volume;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.http.net.Buffers;
import io.flocker.transfer.board.TransferBoard;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.node.MemoryPool;
import io.flocker.transfer.stream.Settings;
import io.flocker.transfer.stream.StreamSender;
import io.flocker.transfer.stream.TransferSettings;
import io.flocker.transfer.stream.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whose turn it is while streams come in, and what others are told of them. */
@Timeout(120)
class IncomingTurnsTest {
  private static final int LIMIT = 4;

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private final List<String> ended = new CopyOnWriteArrayList<>();
  private final TransferBoard board =
      new TransferBoard(
          (direction, isGood, _) -> ended.add(direction + (isGood ? " well" : " badly")));
  private IncomingTransfers incoming;

  @BeforeEach
  void open() throws Exception {
    incoming = incoming(TransferSettings.defaults());
  }

  private IncomingTransfers incoming(TransferSettings settings) {
    return new IncomingTransfers(
        nodes.second.parts, () -> ReceiverFloor.none(nodes.second.id), settings, board, LIMIT);
  }

  @Test
  void theSecondBodyOfOneAnnouncementIsRefusedWhileTheFirstOneComes() throws Exception {
    TransferPlan plan = announced(fresh(nodes.first.id));
    nodes.loop.run(() -> {
      Wire first = wire(plan);
      first.connect(incoming.open(first.exchange));
    });

    nodes.loop.run(() ->
        assertFails(TransferFailure.RECEIVE_IN_PROGRESS, () -> incoming.open(wire(plan).exchange)));

    assertEquals(1, board.running().size());
    incoming.takenOut(nodes.first.id);
  }

  @Test
  void onlyAStreamThatHasBegunIsBringingItsVolume() throws Exception {
    TransferPlan plan = announced(fresh(nodes.first.id));
    assertEquals(Optional.empty(), incoming.arriving(plan.lineage()));

    nodes.loop.run(() -> {
      Wire wire = wire(plan);
      wire.connect(incoming.open(wire.exchange));
    });

    assertEquals(Optional.of(plan.id()), incoming.arriving(plan.lineage()));
    assertEquals(Optional.empty(), incoming.arriving(VolumeId.random()));
    incoming.takenOut(nodes.first.id);
  }

  @Test
  void whatIsTakenOutWhileItsBodyBeginsEndsAtOnce() throws Exception {
    TransferPlan plan = announced(fresh(nodes.first.id));
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("inspector")) {
        incoming.takenOut(nodes.first.id);
      }
    });
    Wire wire = wire(plan);

    nodes.loop.run(() -> wire.connect(incoming.open(wire.exchange)));

    assertEquals(RequestFailure.NOT_A_PEER.type(), wire.response.get(60, TimeUnit.SECONDS).type());
    nodes.second.locks.own(plan.lineage(), "test").close();
  }

  @Test
  void aSenderThatBringsNothingAndAsksAfterNothingIsNotWaitedFor() throws Exception {
    incoming = incoming(Settings.idleAfter(Duration.ofMillis(100)));
    TransferPlan plan = announced(fresh(nodes.first.id));
    Wire wire = wire(plan);

    nodes.loop.run(() -> wire.connect(incoming.open(wire.exchange)));

    assertEquals(
        TransferFailure.PEER_SILENT.type(), wire.response.get(60, TimeUnit.SECONDS).type());
    nodes.second.locks.own(plan.lineage(), "test").close();
  }

  @Test
  void severalPeersTogetherStayWithinTheLimitToo() throws Exception {
    List<NodeId> peers = List.of(NodeId.random(), NodeId.random(), NodeId.random());
    for (NodeId peer : peers) {
      know(peer);
    }
    for (int i = 0; i < LIMIT; i++) {
      announced(fresh(peers.get(i % 2)));
    }

    FailureException refused =
        assertFails(
            RequestFailure.TOO_MANY_REQUESTS,
            () -> incoming.announce(peers.getLast(), fresh(peers.getLast())));

    assertTrue(refused.detail().contains("4 streams at once, and 4 are"), refused::detail);
  }

  @Test
  void whatIsStillBeingJudgedCountsToItsPeersShare() throws Exception {
    know(NodeId.random());
    announced(fresh(nodes.first.id));
    AtomicBoolean isArmed = new AtomicBoolean(true);
    List<String> refusals = new ArrayList<>();
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("capabilities") && isArmed.getAndSet(false)) {
        TransferPlan third = fresh(nodes.first.id);
        refusals.add(
            assertFails(
                    RequestFailure.TOO_MANY_REQUESTS,
                    () -> incoming.announce(nodes.first.id, third))
                .detail());
      }
    });

    announced(fresh(nodes.first.id));

    assertTrue(refusals.getFirst().contains("of one peer, and 2 of node"), refusals::toString);
  }

  @Test
  void anOwnerWhoseVolumeIsBusyIsToldSoAndNotWhatIsWrongMeanwhile() throws Exception {
    Volume volume = nodes.first.create("default.db");
    var _ = nodes.push(volume.id());
    TransferPlan early = Plans.increment(volume, new Guid(4711), 99);

    try (VolumeLocks.Lease _ = nodes.second.locks.own(volume.id(), "what brings the base")) {
      assertFails(OwnershipFailure.VOLUME_LOCKED, () -> incoming.announce(nodes.first.id, early));
    }

    assertFails(TransferFailure.BASE_MISSING, () -> incoming.announce(nodes.first.id, early));
  }

  @Test
  void whoComesTooLateIsToldWhatTheVolumeWaitsFor() throws Exception {
    TransferPlan plan = announced(fresh(nodes.first.id));
    AtomicBoolean isArmed = new AtomicBoolean();
    AtomicReference<String> told = new AtomicReference<>("");
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("receive")) {
        isArmed.set(true);
      } else if (method.equals("dataset") && isArmed.getAndSet(false)) { // It was given all.
        told.set(
            assertFails(
                    OwnershipFailure.VOLUME_LOCKED,
                    () -> nodes.second.locks.own(plan.lineage(), "somebody else"))
                .detail());
      }
    });

    assertEquals(200, send(plan).status());

    assertTrue(told.get().contains(plan.id() + ", whose process"), told::get);
    nodes.second.locks.own(plan.lineage(), "test").close();
  }

  @Test
  void theBoardHearsHowAStreamEndedAndHowMuchItWas() throws Exception {
    assertEquals(200, send(announced(fresh(nodes.first.id))).status());

    assertEquals(List.of("in well"), ended);
    assertTrue(board.bytes(TransferDirection.IN) > 0);
    nodes.second.pool.breaks("receive", StorageFailure.ZFS_FAILED.because("no"));
    var _ = send(announced(fresh(nodes.first.id)));
    assertEquals(List.of("in well", "in badly"), ended);
    assertEquals(List.of(), board.running());
  }

  @Test
  void nothingIsOnTheBoardOfWhatNeverBegan() throws Exception {
    announced(fresh(nodes.first.id));

    incoming.takenOut(nodes.first.id);

    assertEquals(List.of(), ended);
  }

  @Test
  void itsListenersHearHowAStreamEndedAndHowMuchItWas() throws Exception {
    assertEquals(200, send(announced(fresh(nodes.first.id))).status());

    Map<String, ?> well = lastEnd();
    assertEquals("succeeded", well.get("outcome"));
    assertEquals(board.bytes(TransferDirection.IN), well.get("bytes"));

    nodes.second.pool.breaksReceives();
    var _ = send(announced(fresh(nodes.first.id)));

    Map<String, ?> badly = lastEnd();
    assertEquals("failed", badly.get("outcome"));
    assertEquals(TransferFailure.RECEIVER_FAILED.type(), badly.get("problem"));
    assertTrue(badly.get("bytes") instanceof Long bytes && bytes > 0, badly::toString);
  }

  private Map<String, ?> lastEnd() {
    return nodes.second.events.stream()
        .filter(event -> event.type() == EventType.TRANSFER_ENDED)
        .map(Event::members)
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  private static TransferPlan fresh(NodeId owner) {
    return Plans.full(owner, VolumeId.random(), 99);
  }

  private TransferPlan announced(TransferPlan plan) throws FailureException {
    var _ = incoming.announce(plan.owner(), plan);
    return plan;
  }

  private void know(NodeId node) throws FailureException {
    boolean _ =
        nodes.second.peers.put(
            new Peer(node, List.of(Address.parse("localhost:1")), Takeover.NEVER));
  }

  private Wire wire(TransferPlan plan) {
    return new Wire(
        nodes.loop.loop(), new Principal.Node(plan.owner()), Map.of("id", plan.id().toString()));
  }

  private Wire.Response send(TransferPlan plan) throws Exception {
    Wire wire = wire(plan);
    StreamSender sender =
        new StreamSender(
            () -> MemoryPool.sending(plan), TransferSettings.defaults(), Buffers.pool());
    nodes.loop.run(() -> {
      wire.connect(incoming.open(wire.exchange));
      wire.connect(sender);
    });
    return wire.response.get(60, TimeUnit.SECONDS);
  }
}
