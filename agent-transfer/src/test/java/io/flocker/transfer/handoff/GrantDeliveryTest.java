package io.flocker.transfer.handoff;

import static io.flocker.transfer.node.MemoryPair.assertFails;
import static io.flocker.transfer.node.MemoryPair.assertOwner;
import static io.flocker.transfer.node.MemoryPair.assertReplica;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.Condition;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.push.RecordingContext;
import io.flocker.transfer.push.SentStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of a volume that was released and that its peer has not taken yet. */
@Timeout(120)
class GrantDeliveryTest {
  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private VolumeId volume;

  @BeforeEach
  void open() throws Exception {
    volume = nodes.first.create("default.db").id();
  }

  private Dataset here() throws FailureException {
    return nodes.first.catalog.require(volume).dataset();
  }

  private void releaseInVain(RecordingContext context) {
    nodes.first.links.breaks("acquire", OwnershipFailure.VOLUME_EXISTS.because("namesake"));
    assertFails(OwnershipFailure.VOLUME_EXISTS, () -> nodes.handOff(volume, context));
  }

  @Test
  void whatSomebodyMountsBetweenTwoTriesIsNotGrantedUntilItIsUnmounted() throws Exception {
    String dataset = here().name();
    AtomicInteger tries = new AtomicInteger();
    AtomicInteger looks = new AtomicInteger();
    nodes.first.links.breaks(moment -> {
      if (moment.equals("acquire")) {
        assertFalse(here().isMounted(), "granted under a mount");
        if (tries.incrementAndGet() == 1) {
          nodes.first.fake.mountWritable(dataset, nodes.folder.resolve("by-hand"));
          throw TransferFailure.PEER_UNREACHABLE.because("down");
        }
      }
    });
    nodes.first.pool.breaks((method, _) -> {
      if (method.equals("dataset") && tries.get() == 1 && looks.incrementAndGet() == 3) {
        nodes.first.fake.unmount(dataset);
      }
    });

    var _ = nodes.handOff(volume);

    assertEquals(2, tries.get());
    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
  }

  @Test
  void nothingIsKeptForPeersWhereTheNextOwnersStreamComesBeforeTheAnswer() throws Exception {
    nodes.first.links.breaks(
        "acquire answered", OwnershipFailure.VOLUME_EXISTS.because("not mounted"));
    assertFails(OwnershipFailure.VOLUME_EXISTS, () -> nodes.handOff(volume));
    nodes.heal();
    var _ =
        nodes.second.push.run(
            volume,
            nodes.first.id,
            true,
            InitialReplication.ALL,
            Condition.NONE,
            new RecordingContext());
    assertReplica(nodes.first, volume, nodes.second, 1);

    assertEquals(0, nodes.first.delivery.recover());

    assertEquals(List.of(), nodes.first.cursors.peers(volume));
    for (Snapshot snapshot : here().snapshots()) {
      assertEquals(Set.of(), nodes.first.fake.holds(here().name(), snapshot.name()));
    }
    assertEquals(List.of(nodes.first.id), nodes.second.cursors.peers(volume));
  }

  @Test
  void theEmptyFolderThatSomebodyMakesForAVolumeThatIsLeavingGoesWithIt() throws Exception {
    Path folder = here().mountpoint().orElseThrow();
    releaseInVain(new RecordingContext());
    Files.createDirectories(folder);
    nodes.heal();

    assertEquals(0, nodes.first.delivery.recover());

    assertOwner(nodes.second, volume, 1);
    assertFalse(Files.exists(folder));
  }

  /** However often the one before it was refused. */
  @Test
  void theNextReleaseOfAVolumeIsGrantedWithoutAPause() throws Exception {
    RecordingContext context = new RecordingContext();
    releaseInVain(context);
    assertEquals(1, nodes.first.delivery.recover());
    assertEquals(1, nodes.first.delivery.recover());
    nodes.heal();
    var _ =
        nodes.first.handoff.complete(volume, nodes.second.id, new RecordingContext(context.id()));
    assertEquals(0, nodes.first.delivery.recover());
    var _ =
        nodes.second.handoff.run(
            volume, nodes.first.id, InitialReplication.ALL, Condition.NONE, new RecordingContext());
    releaseInVain(new RecordingContext());
    nodes.heal();

    assertEquals(0, nodes.first.delivery.recover());

    assertOwner(nodes.second, volume, 3);
  }

  @Test
  void aPeerThatOnlyHasNoTimeYetIsNotToldOfAsOneThatWillNeverTakeIt() throws Exception {
    releaseInVain(new RecordingContext());
    nodes.heal();
    assertTrue(nodes.first.mounter.untaken().containsKey(volume));
    nodes.first.mounter.taken(volume);
    nodes.first.links.breaks("acquire", OwnershipFailure.VOLUME_LOCKED.because("it is sent"));

    assertEquals(1, nodes.first.delivery.recover());

    assertFalse(nodes.first.mounter.untaken().containsKey(volume));
  }

  /** Its entry is found by the next daemon, when the volume is the peer's already. */
  @Test
  void aReleaseThatIsDoneIsGrantedThoughNobodyCanStrikeIt() throws Exception {
    nodes.first.pool.breaks((method, arguments) -> {
      if (method.equals("setRecord")
          && ((OwnershipRecord) arguments[1]).state() == OwnershipState.RELEASED) {
        nodes.first.releases.fail(Optional.of(RequestFailure.STATE_UNAVAILABLE.because("full")));
      }
    });

    var _ = nodes.handOff(volume);

    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
    nodes.first.releases.fail(Optional.empty());
    assertEquals(1, nodes.first.releases.list().size());
    MemoryNode next = nodes.first.successor(nodes.second);
    assertEquals(0, next.delivery.recover());
    assertEquals(List.of(), next.releases.list());
    assertReplica(next, volume, nodes.second, 1);
    next.locks.own(volume, "test").close();
  }

  @Test
  void onlyWhoMadeTheVolumeSignsThatHeDid() throws Exception {
    var _ = nodes.handOff(volume);
    var _ =
        nodes.second.handoff.run(
            volume, nodes.first.id, InitialReplication.ALL, Condition.NONE, new RecordingContext());

    for (MemoryNode node : List.of(nodes.first, nodes.second)) {
      assertEquals(
          List.of(nodes.first.id),
          node.grants.of(volume).stream()
              .map(SignedGrant::grant)
              .filter(grant -> grant.epoch() == 0)
              .map(Grant::to)
              .toList());
    }
  }

  @Test
  void progressGoesOnWhereTheStreamBesideTheUsersHasEnded() throws Exception {
    RecordingContext context = new RecordingContext();

    HandoffResult result = nodes.handOff(volume, context);

    List<Long> told =
        context.reports.stream()
            .map(report -> Long.parseLong(report.substring(0, report.indexOf('/'))))
            .toList();
    assertEquals(told.stream().sorted().toList(), told);
    long sent = result.streams().stream().mapToLong(SentStream::bytes).sum();
    assertEquals(sent, told.getLast());
  }
}
