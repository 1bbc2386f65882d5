package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.event.EventType;
import io.flocker.core.grant.FakeGrants;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.VolumeId;
import io.flocker.core.pki.TestCredentials;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.ownership.Tenure;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RevertedCopiesTest {
  private static final VolumeId ID = VolumeId.random();

  private Pond pond;
  private GrantKeeper grants;
  private RevertedCopies reverted;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    pond = new Pond(folder);
    grants = pond.node.memory().grants();
    reverted = pond.node.reverted();
  }

  @ParameterizedTest
  @CsvSource({"OWNED, 0", "RELEASED, 2", "SUPERSEDED, 2"})
  void aPoolFromBeforeAHandoffIsTold(OwnershipState state, long epoch) throws Exception {
    pond.add(ID, epoch, pond.other, state, "default.v");
    given(epoch + 1);
    pond.epochs.observe(ID, epoch + 1);

    String expected =
        "node %1$s owned it at epoch %3$d, and its pool went back since to a copy of epoch %4$d: nobody can write it. Node %2$s, which had given it here, has all that was written before: flocker volume takeover default.v, on node %2$s, unless flocker volume show default.v tells a later snapshot on another node"
            .formatted(pond.self, pond.other, epoch + 1, epoch);
    assertEquals(Map.of(ID, expected), reverted.list());
    assertEquals(
        new MountStatus(MountStatus.State.UNMOUNTED, Optional.of(expected)),
        reverted.status(pond.catalog.require(ID), MountStatus.UNMOUNTED));
  }

  @Test
  void afterATakeoverTheWayBeginsHere() throws Exception {
    pond.add(ID, 0, pond.other, OwnershipState.OWNED, "default.v");
    Grant grant =
        new Grant(ID, 1, pond.other, pond.self, UUID.randomUUID(), new Guid(7), Instant.now());
    grants.accept(SignedGrant.by(TestCredentials.operator(), grant));
    pond.epochs.observe(ID, 1);

    String why = reverted.list().getOrDefault(ID, "");
    assertTrue(why.contains("flocker volume takeover default.v, on node " + pond.self), why);
  }

  @Test
  void itIsToldOnceAndAgainWhereItHappensAgain() throws Exception {
    String dataset = pond.add(ID, 0, pond.other, OwnershipState.OWNED, "default.v");
    given(1);
    pond.epochs.observe(ID, 1);
    PoolWatch watch = new PoolWatch(pond.claim, pond.node, pond.storage::mounts);

    watch.look();
    assertEquals(1, told());
    reverted.look();
    assertEquals(1, told());

    pond.record(dataset, ID, 1, pond.self, OwnershipState.OWNED);
    pond.catalog.lookAround();
    reverted.look();
    pond.record(dataset, ID, 0, pond.other, OwnershipState.OWNED);
    pond.catalog.lookAround();
    reverted.look();
    assertEquals(2, told());
  }

  @Test
  void whatWasOfferedAndNeverTakenIsNone() throws Exception {
    pond.add(ID, 0, pond.other, OwnershipState.OWNED, "default.v");
    given(1);
    assertEquals(Map.of(), reverted.list());
  }

  @Test
  void itEndsWithTheNextOwnerWhoeverThatIs() throws Exception {
    String dataset = pond.add(ID, 0, pond.other, OwnershipState.OWNED, "default.v");
    given(1);
    pond.epochs.observe(ID, 1);
    assertFalse(reverted.list().isEmpty());

    grants.keep(FakeGrants.granted(ID, 2, pond.self, pond.other).grants());
    pond.epochs.observe(ID, 2);
    assertEquals(Map.of(), reverted.list());

    given(3);
    pond.record(dataset, ID, 3, pond.self, OwnershipState.OWNED);
    pond.catalog.lookAround();
    assertEquals(Map.of(), reverted.list());
  }

  @Test
  void whoeverProvesToOwnItSinceEndsItAndNobodyElse() throws Exception {
    pond.add(ID, 0, pond.other, OwnershipState.OWNED, "default.v");
    given(1);
    pond.epochs.observe(ID, 1);
    Grant taken =
        new Grant(ID, 2, pond.self, pond.other, UUID.randomUUID(), new Guid(7), Instant.now());

    reverted.show(ID, Tenure.of(taken), FakeGrants.granted(ID, 2, pond.other, pond.other));
    assertFalse(reverted.list().isEmpty());

    SignedGrant signed = SignedGrant.by(TestCredentials.operator(), taken);
    reverted.show(ID, Tenure.of(taken), new GrantChain(List.of(signed)));
    assertEquals(Map.of(), reverted.list());
    assertEquals(2, pond.epochs.highest(ID));
    assertEquals(Optional.of(taken), grants.at(ID, 2));
  }

  @Test
  void nothingIsLearntOfAnotherCopy() throws Exception {
    pond.add(ID, 0, pond.other, OwnershipState.OWNED, "default.v");
    GrantChain shown = FakeGrants.granted(ID, 1, pond.other, pond.other);
    reverted.show(ID, Tenure.of(shown.grants().getFirst().grant()), shown);
    assertEquals(0, pond.epochs.highest(ID));
  }

  private void given(long epoch) throws Exception {
    grants.keep(FakeGrants.granted(ID, epoch, pond.other, pond.self).grants());
  }

  private long told() {
    return pond.events.stream().filter(event -> event.type() == EventType.VOLUME_CHANGED).count();
  }
}
