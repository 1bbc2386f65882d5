package io.flocker.core.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerReferenceTest {
  private static final NodeId B = NodeId.parse("aaaabbbb-0f12-4d5a-9e8b-0123456789ab");
  private static final NodeId C = NodeId.parse("aaaacccc-0f12-4d5a-9e8b-0123456789ab");
  private static final NodeId SELF = NodeId.parse("aaaabb00-0f12-4d5a-9e8b-0123456789ab");

  private static final List<Peer> PEERS =
      List.of(
          peer(B, "node-b", "10.0.0.2:4523"),
          peer(C, "10.0.0.2", "shared.example:1", "10.0.0.3:1"),
          new Peer(
              NodeId.parse("cccccccc-0f12-4d5a-9e8b-0123456789ab"),
              List.of(Address.parse("shared.example:2")),
              Takeover.NEVER));

  @ParameterizedTest
  @CsvSource({
    "node-b, aaaabbbb-0f12-4d5a-9e8b-0123456789ab",
    "Node-B, aaaabbbb-0f12-4d5a-9e8b-0123456789ab",
    "aaaabbb, aaaabbbb-0f12-4d5a-9e8b-0123456789ab",
    "aaaabbbb-0f, aaaabbbb-0f12-4d5a-9e8b-0123456789ab",
    "cccc, cccccccc-0f12-4d5a-9e8b-0123456789ab",
    "aaaabb0, aaaabb00-0f12-4d5a-9e8b-0123456789ab",
    "10.0.0.3, aaaacccc-0f12-4d5a-9e8b-0123456789ab",
    "dddddddd-0f12-4d5a-9e8b-0123456789ab, dddddddd-0f12-4d5a-9e8b-0123456789ab"
  })
  void meansByNameOrHostThenByTheBeginningOfAnId(String said, NodeId meant)
      throws FailureException {
    assertEquals(meant, new PeerReference(said).among(PEERS, Optional.of(SELF)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"aaaa", "shared.example", "aaaabb", "10.0.0.2"})
  void whatCanBeSeveralIsRefusedWithAllOfThem(String said) {
    FailureException refusal = refused(RequestFailure.AMBIGUOUS_REFERENCE, said);
    assertTrue(String.valueOf(refusal.getMessage()).contains(","), refusal::detail);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ccc", "node", "eeee", ""})
  void whatIsNobodyIsRefusedWithWhomThereIs(String said) {
    FailureException refusal = refused(OwnershipFailure.PEER_UNKNOWN, said);
    assertTrue(
        String.valueOf(refusal.getMessage()).contains("node-b (" + B + ")"), refusal::detail);
  }

  @Test
  void aNodeWithoutPeersSaysThat() {
    FailureException refusal =
        assertThrows(
            FailureException.class,
            () -> new PeerReference("b").among(List.of(), Optional.of(SELF)));
    assertTrue(String.valueOf(refusal.getMessage()).contains("knows none"), refusal::detail);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"feed", "dead-beef", "2026", "", "Node", "-b", "b-", "a..b", "a_b", "b.", "x y"})
  void whatCouldBeAnIdOrIsNoHostIsNoName(String text) {
    assertThrows(IllegalArgumentException.class, () -> PeerName.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"b", "2", "node-2", "feed.example", "10.0.0.2", "fe-d0g"})
  void whatAHostCanBeCalledIsAName(String text) {
    assertEquals(text, PeerName.parse(text).toString());
  }

  private static FailureException refused(Failure reason, String said) {
    FailureException refusal =
        assertThrows(
            FailureException.class, () -> new PeerReference(said).among(PEERS, Optional.of(SELF)));
    assertEquals(reason, refusal.failure());
    return refusal;
  }

  private static Peer peer(NodeId node, String name, String... addresses) {
    return new Peer(
        node,
        Optional.of(PeerName.parse(name)),
        Stream.of(addresses).map(Address::parse).toList(),
        Takeover.NEVER);
  }
}
