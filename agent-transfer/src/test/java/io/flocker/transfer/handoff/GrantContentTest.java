package io.flocker.transfer.handoff;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static io.flocker.transfer.node.MemoryPair.assertOwner;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static io.flocker.transfer.node.MemoryPair.latest;
import static io.flocker.transfer.node.MemoryPair.lose;
import static io.flocker.transfer.node.MemoryPair.snapshots;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.GrantKeeper;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.stream.ChainFlags;
import io.flocker.core.volume.Condition;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.push.RecordingContext;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the new owner of a volume knows of it, and what neither may do without writing it down. */
@Timeout(120)
class GrantContentTest {
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private final NodeId third = NodeId.random();
  private final FailureException full = RequestFailure.STATE_UNAVAILABLE.because("disk full");
  private VolumeId volume;

  @BeforeEach
  void open() throws Exception {
    volume = nodes.first.create("default.db").id();
  }

  @Test
  void theNewOwnerKnowsWhatEachCopyHasLast() throws Exception {
    var _ = nodes.first.cursors.move(volume, third, new Guid(7));

    var _ = nodes.handOff(volume);

    Guid last = latest(nodes.second, volume).guid();
    assertEquals(Map.of(third, new Guid(7), nodes.first.id, last), nodes.second.cursors.of(volume));
    assertEquals(Map.of(), nodes.first.cursors.of(volume));
  }

  @Test
  void theNewOwnerCanGoBackToWhatUsersTookBefore() throws Exception {
    Snapshot taken = take("before-upgrade");

    var _ = nodes.handOff(volume);

    assertTrue(snapshots(nodes.second, volume).stream().anyMatch(has(taken)));
  }

  @Test
  void theNewOwnerHasWhatIsThereNowAloneWhereThatIsAskedFor() throws Exception {
    Snapshot taken = take("before-upgrade");

    var _ =
        nodes.first.handoff.run(
            volume,
            nodes.second.id,
            InitialReplication.LATEST,
            Condition.NONE,
            new RecordingContext());

    assertTrue(snapshots(nodes.second, volume).stream().noneMatch(has(taken)));
    assertTrue(
        snapshots(nodes.first, volume).stream().anyMatch(has(taken)), "it stays where it was");
    assertOwner(nodes.second, volume, 1);
  }

  private Snapshot take(String name) throws FailureException {
    return nodes.first.catalog.snapshots().take(nodes.first.catalog.require(volume), name);
  }

  private static Predicate<Snapshot> has(Snapshot wanted) {
    return snapshot -> snapshot.guid().equals(wanted.guid());
  }

  @Test
  void theNewOwnerGoesOnWithEachChainAsItWasBegun() throws Exception {
    ChainFlags raw = new ChainFlags(true, true);
    nodes.first.cursors.chain(volume, third, raw);

    var _ = nodes.push(volume);
    ChainFlags ours = nodes.first.cursors.chains(volume).get(nodes.second.id);
    var _ = nodes.handOff(volume);

    assertEquals(Map.of(third, raw, nodes.first.id, ours), nodes.second.cursors.chains(volume));
    assertEquals(Map.of(), nodes.first.cursors.chains(volume));
  }

  @Test
  void theNewOwnerKnowsWhoHasEverConfirmedTheVolume() throws Exception {
    UUID operation = UUID.randomUUID();
    boolean _ = nodes.first.parts.confirmations().confirm(volume, operation, third);

    var _ = nodes.handOff(volume);

    assertEquals(operation, nodes.second.parts.confirmations().ever(volume).get(third));
  }

  /** For a node that was away from the beginning on, and asks who made the volume. */
  @Test
  void theNewOwnerCanShowWhoCreatedTheVolume() throws Exception {
    UUID operation =
        nodes.first.catalog.require(volume).dataset().record().orElseThrow().operation();

    var _ = nodes.handOff(volume);

    GrantKeeper keeper = nodes.second.parts.memory().grants();
    Grant creation = keeper.creation(volume).map(SignedGrant::grant).orElseThrow();
    assertEquals(nodes.first.id, creation.to());
    assertEquals(operation, creation.operation());
    assertTrue(creation.isOfFreshId());
    assertTrue(keeper.isCreationSigned(volume, nodes.first.id, operation));
  }

  @Test
  void whoGivesAVolumeOfBeforeCreationsWereSignedSignsThatHeMadeIt() throws Exception {
    nodes.first.grants.forget(volume);

    var _ = nodes.handOff(volume);

    GrantKeeper keeper = nodes.second.parts.memory().grants();
    assertEquals(
        Optional.of(nodes.first.id),
        keeper.creation(volume).map(SignedGrant::grant).map(Grant::to));
  }

  /** It has come to its owner, who has no creation to sign. */
  @Test
  void whatWasGivenBeforeAndCannotBeSignedForIsNotGivenAgain() throws Exception {
    var _ = nodes.handOff(volume);
    nodes.second.grants.breaks(Optional.of(full));

    assertFails(
        RequestFailure.STATE_UNAVAILABLE,
        () ->
            nodes.second.handoff.run(
                volume,
                nodes.first.id,
                InitialReplication.ALL,
                Condition.NONE,
                new RecordingContext()));

    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
  }

  @Test
  void whoCannotWriteTheGrantDownDoesNotTakeTheVolume() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    nodes.first.links.breaks(moment -> {
      if (moment.equals("acquire")) {
        nodes.second.grants.breaks(Optional.of(full));
        if (asked.incrementAndGet() > 1) { // Else it would ask for as long as it has patience.
          throw OwnershipFailure.VOLUME_EXISTS.because("namesake");
        }
      }
    });

    assertFails(OwnershipFailure.VOLUME_EXISTS, () -> nodes.handOff(volume));

    assertReplica(nodes.second, volume, nodes.first, 0);
    nodes.heal();
    nodes.second.grants.breaks(Optional.empty());
    assertEquals(0, nodes.first.delivery.recover());
    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
  }

  @Test
  void whatCannotBeSignedForGoodIsNotGivenAway() throws Exception {
    nodes.first.grants.breaks(Optional.of(full));

    assertFails(RequestFailure.STATE_UNAVAILABLE, () -> nodes.handOff(volume));

    assertOwner(nodes.first, volume, 0);
    assertReplica(nodes.second, volume, nodes.first, 0);
    nodes.first.grants.breaks(Optional.empty());
    var _ = nodes.handOff(volume);
    assertOwner(nodes.second, volume, 1);
  }

  /** What somebody has mounted by hand may be newer than what would be sent. */
  @Test
  void nothingIsSentAgainOfAReleasedVolumeThatIsMounted() throws Exception {
    nodes.first.links.breaks("acquire", OwnershipFailure.VOLUME_EXISTS.because("namesake"));
    assertFails(OwnershipFailure.VOLUME_EXISTS, () -> nodes.handOff(volume));
    nodes.heal();
    lose(nodes.second, volume, latest(nodes.second, volume));
    Dataset released = nodes.first.catalog.require(volume).dataset();
    nodes.first.fake.mountWritable(released.name(), nodes.folder.resolve("by-hand"));
    int before = nodes.first.links.said().size();

    assertEquals(1, nodes.first.delivery.recover());

    assertEquals(before, nodes.first.links.said().size());
    assertTrue(
        nodes
            .first
            .mounter
            .untaken()
            .getOrDefault(volume, "")
            .contains("is mounted here all the same"),
        () -> nodes.first.mounter.untaken().toString());
  }
}
