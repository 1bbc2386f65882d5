package io.flocker.core.volume;

import static io.flocker.core.volume.Failing.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.PeerBook;
import io.flocker.core.storage.OwnershipState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
