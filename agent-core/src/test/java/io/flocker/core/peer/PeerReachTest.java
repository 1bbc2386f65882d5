package io.flocker.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.Event;
import io.flocker.core.event.EventSink;
import io.flocker.core.event.EventType;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PeerReachTest {
  private static final NodeId NODE = NodeId.random();
  private static final Peer PEER = at("n2:4523");

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(unreachable(), Optional.of(false)),
        Arguments.of(silent(), Optional.of(false)),
        Arguments.of(TransferFailure.PEER_IDENTITY.because("another"), Optional.of(false)),
        Arguments.of(TransferFailure.CERTIFICATE_REFUSED.because("alert"), Optional.of(false)),
        Arguments.of(
            TransferFailure.CERTIFICATE_NOT_IN_FORCE.because("expired"), Optional.of(false)),
        Arguments.of(TransferFailure.CANCELLED.because("nobody waits"), Optional.empty()),
        // It has said something, but of no use.
        Arguments.of(TransferFailure.PEER_FAILED.because("no HTTP"), Optional.of(true)),
        Arguments.of(refused(), Optional.of(true)),
        Arguments.of(RequestFailure.NOT_A_PEER.because("who is it"), Optional.of(true)),
        // What it tells of others.
        Arguments.of(unreachable().toldBy(NODE), Optional.of(true)),
        Arguments.of(silent().toldBy(NODE), Optional.of(true)),
        Arguments.of(
            TransferFailure.CANCELLED.because("it stops").toldBy(NODE), Optional.of(true)));
  }

  private final List<EventType> told = new ArrayList<>();
  private PeerBook book;
  private PeerReach reach;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    book = PeerBook.open(folder, NodeId.random(), EventSink.NONE);
    reach = new PeerReach(book, this::tell);
    boolean _ = book.put(PEER);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aRefusalIsAnAnswerAndSilenceIsNone(FailureException why, Optional<Boolean> isAnswering) {
    reach.failed(PEER, why, Duration.ZERO);

    assertEquals(isAnswering, reach.of(PEER).map(Reach::isAnswering));
  }

  @Test
  void oneThatComesBackRefusingAnswersAgain() {
    reach.failed(PEER, unreachable(), Duration.ZERO);
    reach.failed(PEER, refused(), Duration.ZERO);
    Reach refusing = reach.of(PEER).orElseThrow();
    reach.answered(PEER);
    Reach answering = reach.of(PEER).orElseThrow();

    assertTrue(refusing.isAnswering());
    assertEquals(refusing.since(), answering.since());
    assertFalse(answering.asked().isBefore(refusing.asked()));
    assertEquals(List.of(EventType.PEER_UNREACHABLE, EventType.PEER_REACHABLE), told);
  }

  @Test
  void whoIsWaitedForIsAskedAgainAfterNoRefusal() {
    List<NodeId> heard = new ArrayList<>();
    reach.onAnswer(heard::add);

    reach.failed(PEER, refused(), Duration.ZERO);
    assertEquals(List.of(), heard);
    reach.answered(PEER);
    assertEquals(List.of(NODE), heard);
  }

  @Test
  void oneQuestionWithoutAnAnswerIsNoSilenceWhereAnotherWasAnsweredMeanwhile() {
    reach.answered(PEER);
    reach.failed(PEER, silent(), Duration.ofDays(1));

    assertTrue(reach.of(PEER).orElseThrow().isAnswering());
    reach.failed(PEER, silent(), Duration.ZERO);
    assertFalse(reach.of(PEER).orElseThrow().isAnswering());
  }

  @Test
  void nothingIsKnownOfOneThatWasTakenOutOrIsElsewhere() throws Exception {
    reach.answered(PEER);
    Peer moved = at("n3:4523");
    boolean _ = book.put(moved);

    assertEquals(Optional.empty(), reach.of(moved));
    reach.answered(PEER); // It was asked where it was before.
    assertEquals(Optional.empty(), reach.of(moved));
    reach.failed(moved, unreachable(), Duration.ZERO);
    assertEquals(Optional.of(false), reach.of(moved).map(Reach::isAnswering));
    book.remove(NODE);
    reach.forget(NODE);
    reach.answered(moved);
    assertEquals(Optional.empty(), reach.of(moved));
    assertEquals(List.of(EventType.PEER_REACHABLE, EventType.PEER_UNREACHABLE), told);
  }

  private static FailureException unreachable() {
    return TransferFailure.PEER_UNREACHABLE.because("nobody listens there");
  }

  private static FailureException silent() {
    return TransferFailure.PEER_SILENT.because("30 s");
  }

  private static FailureException refused() {
    return OwnershipFailure.VOLUME_LOCKED.because("busy");
  }

  private void tell(Event event) {
    told.add(event.type());
  }

  private static Peer at(String address) {
    return new Peer(NODE, Optional.empty(), List.of(Address.parse(address)), Takeover.NEVER);
  }
}
