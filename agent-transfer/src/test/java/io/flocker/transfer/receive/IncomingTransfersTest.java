package io.flocker.transfer.receive;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static io.flocker.transfer.node.MemoryPair.latest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.flocker.core.storage.Snapshot;
import io.flocker.core.transfer.TransferPlan;
import io.flocker.core.volume.VolumeLocks;
import io.flocker.core.volume.VolumeName;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.protocol.TransferResult;
import io.flocker.transfer.protocol.TransferResult.State;
import io.flocker.transfer.stream.TransferSettings;
import io.flocker.transfer.stream.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class IncomingTransfersTest {
  private final FailureException refusal = StorageFailure.ZFS_FAILED.because("no");

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  /** Every command of the pool between the child's end and the answer. */
  static Stream<Arguments> checks() {
    List<Arguments> all = new ArrayList<>();
    for (String command : List.of("dataset", "seal", "setRecord")) {
      all.add(Arguments.of(command, false));
      all.add(Arguments.of(command, true));
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("checks")
  void nothingStaysTakenWhereACheckAfterTheReceiveFails(String command, boolean isUnforeseen)
      throws Exception {
    VolumeId volume = nodes.first.create("default.db").id();
    failOnceAfterTheReceive(command, isUnforeseen);

    assertThrows(FailureException.class, () -> nodes.push(volume));

    assertEquals(List.of(), nodes.second.board.running());
    nodes.heal();
    var _ = nodes.push(volume);
    assertEquals(latest(nodes.first, volume).guid(), latest(nodes.second, volume).guid());
  }

  private void failOnceAfterTheReceive(String command, boolean isUnforeseen) {
    AtomicBoolean isArmed = new AtomicBoolean();
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("receive")) {
        isArmed.set(true);
      } else if (method.equals(command) && isArmed.getAndSet(false)) {
        if (isUnforeseen) {
          throw new IllegalStateException("unforeseen");
        }
        throw refusal;
      }
    });
  }

  @Test
  void saysAfterwardsHowAFailedOneEnded() throws Exception {
    TransferPlan plan = announced(nodes.first.id);
    failOnceAfterTheReceive("setRecord", false);

    send(plan);

    TransferResult result = result(plan);
    assertEquals(State.FAILED, result.state());
    assertEquals(refusal.failure().type(), result.problem().orElseThrow().get("type"));
    nodes.second.locks.own(plan.lineage(), "test").close();
  }

  @ParameterizedTest
  @MethodSource("explanations")
  void nothingStaysTakenWhereNobodyCanSayWhyTheChildFailed(String command) throws Exception {
    TransferPlan plan = announced(nodes.first.id);
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("receive")) {
        throw TransferFailure.RECEIVER_FAILED.because("it does not start");
      }
      if (method.equals(command)) {
        throw new IllegalStateException("unforeseen");
      }
    });

    send(plan);

    assertEquals(State.FAILED, result(plan).state());
    nodes.second.locks.own(plan.lineage(), "test").close();
    assertEquals(List.of(), nodes.second.board.running());
  }

  static Stream<String> explanations() {
    return Stream.of("explain", "afterFailedReceive");
  }

  @Test
  void nothingStaysTakenWhereTheBodyCannotBeTaken() throws Exception {
    TransferPlan plan = announced(nodes.first.id);
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("inspector")) {
        throw new IllegalStateException("unforeseen");
      }
    });

    assertThrows(
        Exception.class,
        () ->
            nodes.loop.run(() -> {
              Wire wire = wire(plan);
              var _ = nodes.second.incoming.open(wire.exchange);
            }));

    assertEquals(State.FAILED, result(plan).state());
    nodes.second.locks.own(plan.lineage(), "test").close();
  }

  @Test
  void takesNoMoreStreamsThanItsLimitAndOneMoreOnceOneHasEnded() throws Exception {
    List<TransferPlan> plans = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      plans.add(announced(nodes.first.id));
    }
    TransferPlan late = fresh(nodes.first.id);

    assertFails(
        RequestFailure.TOO_MANY_REQUESTS,
        () -> nodes.second.incoming.announce(nodes.first.id, late));
    nodes.second.locks.own(late.lineage(), "test").close();

    send(plans.getFirst());
    var _ = nodes.second.incoming.announce(nodes.first.id, late);
  }

  @Test
  void onePeerAmongSeveralHasHalfOfThePlaces() throws Exception {
    NodeId third = NodeId.random();
    know(third);
    for (int i = 0; i < 2; i++) {
      TransferPlan _ = announced(third);
    }

    TransferPlan greedy = fresh(third);
    FailureException refused =
        assertFails(
            RequestFailure.TOO_MANY_REQUESTS, () -> nodes.second.incoming.announce(third, greedy));
    assertTrue(refused.detail().contains("2 streams at once of one peer"), refused::detail);
    nodes.second.locks.own(greedy.lineage(), "test").close();

    for (int i = 0; i < 2; i++) {
      assertEquals(200, send(announced(nodes.first.id)).status());
    }
  }

  @Test
  void whatANodeIsAtEndsWhenItIsTakenOutOfThePeers() throws Exception {
    TransferPlan silent = announced(nodes.first.id);
    TransferPlan running = announced(nodes.first.id);
    Wire wire = wire(running);
    nodes.loop.run(() -> wire.connect(nodes.second.incoming.open(wire.exchange)));
    NodeId third = NodeId.random();
    know(third);
    TransferPlan others = announced(third);

    nodes.second.incoming.takenOut(nodes.first.id);

    assertEquals(RequestFailure.NOT_A_PEER.type(), wire.response.get(60, TimeUnit.SECONDS).type());
    for (TransferPlan plan : List.of(silent, running)) {
      assertEquals(State.FAILED, result(plan).state());
      nodes.second.locks.own(plan.lineage(), "test").close();
    }
    assertEquals(List.of(), nodes.second.board.running());
    assertEquals(
        State.ANNOUNCED,
        nodes.second.incoming.result(new Principal.Node(third), others.id().toString()).state());
  }

  @Test
  void whatIsJudgedWhileItsNodeIsTakenOutDoesNotBegin() throws Exception {
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("capabilities")) {
        nodes.second.incoming.takenOut(nodes.first.id);
      }
    });
    TransferPlan plan = fresh(nodes.first.id);

    assertEquals(State.FAILED, nodes.second.incoming.announce(nodes.first.id, plan).state());
    nodes.second.locks.own(plan.lineage(), "test").close();
  }

  @Test
  void nobodyButTheOwnerTakesAVolumesTurnByAnnouncingIt() throws Exception {
    VolumeId volume = nodes.first.create("default.db").id();
    var _ = nodes.push(volume);
    NodeId liar = NodeId.random();
    know(liar);
    TransferPlan claim =
        Plans.increment(
            volume,
            VolumeName.parse("default.db"),
            liar,
            1,
            latest(nodes.second, volume).guid(),
            99);

    assertFails(OwnershipFailure.NOT_GRANTED, () -> nodes.second.incoming.announce(liar, claim));
    try (VolumeLocks.Lease _ = nodes.second.locks.own(volume, "who has it")) { // Not even to ask.
      assertFails(OwnershipFailure.NOT_GRANTED, () -> nodes.second.incoming.announce(liar, claim));
    }

    var _ = nodes.push(volume);
    assertEquals(latest(nodes.first, volume).guid(), latest(nodes.second, volume).guid());
  }

  @Test
  void whoAnnouncesAndSendsNothingLeavesTheVolumeToOthersForAWhile() throws Exception {
    IncomingTransfers impatient =
        new IncomingTransfers(
            nodes.second.parts,
            () -> ReceiverFloor.none(nodes.second.id),
            TransferSettings.defaults(),
            nodes.second.board,
            4,
            Duration.ofSeconds(1));
    NodeId liar = NodeId.random();
    know(liar);
    TransferPlan plan = fresh(liar);
    impatient.announce(liar, plan);
    Principal sender = new Principal.Node(liar);
    while (impatient.result(sender, plan.id().toString()).state() == State.ANNOUNCED) {
      Thread.onSpinWait(); // A second, at most.
    }

    FailureException refused =
        assertFails(
            RequestFailure.TOO_MANY_REQUESTS,
            () -> impatient.announce(liar, Plans.full(liar, plan.lineage(), 99)));

    assertTrue(refused.detail().contains("did not send it"), refused::detail);
    var _ = impatient.announce(nodes.first.id, Plans.full(nodes.first.id, plan.lineage(), 99));
  }

  private void know(NodeId node) throws FailureException {
    boolean _ =
        nodes.second.peers.put(
            new Peer(node, List.of(Address.parse("localhost:1")), Takeover.NEVER));
  }

  @Test
  void countsWhatIsStillBeingJudged() throws Exception {
    for (int i = 0; i < 3; i++) {
      TransferPlan _ = announced(nodes.first.id);
    }
    AtomicInteger refused = new AtomicInteger();
    TransferPlan late = fresh(nodes.first.id);
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("capabilities") && refused.get() == 0) {
        refused.incrementAndGet();
        assertFails(
            RequestFailure.TOO_MANY_REQUESTS,
            () -> nodes.second.incoming.announce(nodes.first.id, late));
      }
    });

    TransferPlan _ = announced(nodes.first.id);

    assertEquals(1, refused.get());
  }

  @Test
  void anAnnouncementThatIsRefusedTakesNoSlot() throws Exception {
    for (int i = 0; i < 8; i++) {
      TransferPlan other = fresh(NodeId.random());
      assertFails(
          OwnershipFailure.FOREIGN_CLAIM,
          () -> nodes.second.incoming.announce(nodes.first.id, other));
      nodes.second.locks.own(other.lineage(), "test").close();
    }

    TransferPlan _ = announced(nodes.first.id);
  }

  @Test
  void takesAnAnnouncementOnceAndOneBodyForIt() throws Exception {
    TransferPlan plan = announced(nodes.first.id);

    assertFails(
        RequestFailure.MALFORMED_REQUEST,
        () -> nodes.second.incoming.announce(nodes.first.id, plan));
    assertFails(
        OwnershipFailure.VOLUME_LOCKED,
        () -> nodes.second.locks.own(plan.lineage(), "somebody else"));
    send(plan);
    assertEquals(TransferFailure.RECEIVE_IN_PROGRESS.type(), send(plan).type());
    assertFails(
        RequestFailure.MALFORMED_REQUEST,
        () -> nodes.second.incoming.announce(nodes.first.id, plan));
  }

  @Test
  void tellsNobodyButTheSender() throws Exception {
    TransferPlan plan = announced(nodes.first.id);
    String id = plan.id().toString();

    assertEquals(State.ANNOUNCED, result(plan).state());
    for (Principal other : List.of(new Principal.Node(NodeId.random()), new Principal.User("u"))) {
      assertFails(
          TransferFailure.TRANSFER_NOT_FOUND, () -> nodes.second.incoming.result(other, id));
    }
    Principal sender = new Principal.Node(nodes.first.id);
    assertFails(
        TransferFailure.TRANSFER_NOT_FOUND, () -> nodes.second.incoming.result(sender, "no uuid"));
    assertFails(
        TransferFailure.TRANSFER_NOT_FOUND,
        () -> nodes.second.incoming.result(sender, UUID.randomUUID().toString()));
  }

  @Test
  void tellsHowAReceivedOneEnded() throws Exception {
    TransferPlan plan = announced(nodes.first.id);

    assertEquals(200, send(plan).status());

    TransferResult result = result(plan);
    assertEquals(State.RECEIVED, result.state());
    assertEquals(List.of(plan.last().guid()), result.snapshots());
    assertEquals(Optional.empty(), result.problem());
    assertEquals(
        List.of(plan.last().guid()),
        nodes.second.catalog.require(plan.lineage()).dataset().snapshots().stream()
            .map(Snapshot::guid)
            .toList());
  }

  @Test
  void refusesACopyThatDoesNotEndWithWhatWasAnnounced() throws Exception {
    TransferPlan plan = announced(nodes.first.id);
    nodes.second.pool.breaks((method, _) -> {
      if (method.equals("receive")) {
        nodes.second.pool.receivesInstead("other", new Guid(4711));
      }
    });

    assertEquals(TransferFailure.WRONG_GUID.type(), send(plan).type());
    assertEquals(State.FAILED, result(plan).state());
  }

  private TransferResult result(TransferPlan plan) throws FailureException {
    return nodes.second.incoming.result(new Principal.Node(nodes.first.id), plan.id().toString());
  }

  private TransferPlan announced(NodeId sender) throws FailureException {
    TransferPlan plan = fresh(sender);
    TransferResult result = nodes.second.incoming.announce(sender, plan);
    assertEquals(State.ANNOUNCED, result.state());
    return plan;
  }

  private static TransferPlan fresh(NodeId owner) {
    return Plans.full(owner, VolumeId.random(), 99);
  }

  private Wire wire(TransferPlan plan) {
    return new Wire(
        nodes.loop.loop(), new Principal.Node(nodes.first.id), Map.of("id", plan.id().toString()));
  }

  private Wire.Response send(TransferPlan plan) throws Exception {
    return nodes.first.links.sendPlanned(plan, nodes.second.id);
  }
}
