package io.flocker.core.volume;

import static io.flocker.core.volume.Failing.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.peer.Takeover;
import io.flocker.core.storage.OwnershipState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolClaimTest {
  private Pond pond;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    pond = new Pond(folder);
  }

  @Test
  void aPoolIsMarkedOnce() throws FailureException {
    pond.claim.claimPool();
    pond.claim.claimPool();
    assertEquals(List.of("mark " + pond.self), pond.storage.changes());
  }

  @Test
  void whoseBookIsLostAndOwnsNothingHasNobodyToAsk() throws Exception {
    Pond blank = forgetful();
    blank.storage.add(Pond.dataset(blank.self, "default.of-2014"));
    blank.add(VolumeId.random(), 3, blank.other, OwnershipState.OWNED, "default.replica");
    blank.claim.claimPool();
    assertEquals(Optional.empty(), blank.peers.forgotten());
  }

  @Test
  void whoseBookIsLostAndOwnsAnythingIsToBeToldAlsoByEachLaterLook() throws Exception {
    Pond blank = forgetful();
    blank.add(VolumeId.random(), 0, blank.self, OwnershipState.OWNED, "default.own");
    blank.claim.claimPool();
    blank.claim.claimPool();
    assertTrue(blank.peers.forgotten().isPresent());
  }

  @Test
  void whoseBookIsLostIsToldWhomItsPoolNames() throws Exception {
    Pond blank = forgetful();
    String own = blank.add(VolumeId.random(), 0, blank.self, OwnershipState.OWNED, "default.own");
    blank.add(VolumeId.random(), 3, blank.other, OwnershipState.OWNED, "default.replica");
    NodeId follower = NodeId.random();
    blank.storage.snapshot(own, "s");
    blank.storage.hold(own, "s", new Hold.Peer(follower).tag());
    blank.storage.hold(own, "s", new Hold.Operation(UUID.randomUUID()).tag());
    blank.claim.claimPool();

    String named =
        Stream.of(follower, blank.other)
            .map(node -> "node " + node)
            .sorted()
            .collect(Collectors.joining(", "));
    assertSays(blank, "It has dealt with " + named + ", as is found, and maybe with others.");

    blank.peers.put(peer(follower));
    assertSays(blank, "It has dealt with node " + blank.other + ", as is found");
    blank.peers.put(peer(blank.other));
    String why = blank.peers.forgotten().orElse("");
    assertFalse(why.contains("dealt with"), why);
  }

  @Test
  void whereZfsKeepsTagsSecretTheRecordsAreLeft() throws Exception {
    Pond blank = forgetful();
    String own = blank.add(VolumeId.random(), 0, blank.self, OwnershipState.OWNED, "default.own");
    blank.add(VolumeId.random(), 3, blank.other, OwnershipState.OWNED, "default.replica");
    blank.storage.snapshot(own, "s");
    blank.storage.hold(own, "s", new Hold.Peer(NodeId.random()).tag());
    blank.storage.keepTagsSecret();
    blank.claim.claimPool();
    assertSays(blank, "It has dealt with node " + blank.other + ", as is found");
  }

  private static void assertSays(Pond blank, String sentence) {
    String why = blank.peers.forgotten().orElse("");
    assertTrue(why.contains(sentence), why);
  }

  private static Peer peer(NodeId node) {
    return new Peer(node, List.of(Address.parse("127.0.0.1:4523")), Takeover.MANUAL);
  }

  /** A later version wrote it: it may well say that the volume is this node's. */
  @Test
  void whoseBookIsLostAndCannotReadARecordIsToBeTold() throws Exception {
    Pond blank = forgetful();
    String newer = Pond.dataset(blank.self, "default.newer");
    blank.storage.add(newer);
    blank.storage.setRecordUnreadable(newer);
    blank.claim.claimPool();
    assertTrue(blank.peers.forgotten().isPresent());
  }

  private Pond forgetful() throws Exception {
    PeerBook.forget(pond.state);
    return new Pond(pond.folder);
  }

  @Test
  @DisplayName("42 a pool that refuses its guard is served all the same")
  void aPoolThatRefusesItsGuardIsServed() {
    pond.storage.refuseGuard();
    pond.claim.guardPool();
    assertEquals(List.of(), pond.storage.changes());
  }

  @Test
  void anotherNodesPoolIsRefused() throws FailureException {
    pond.storage.markPool(pond.other);
    FailureException refusal = assertFails(OwnershipFailure.FOREIGN_POOL, pond.claim::claimPool);
    assertEquals(pond.other, refusal.members().get("owner"));
    assertEquals(Optional.of(pond.other), pond.storage.pool().node());
  }
}
