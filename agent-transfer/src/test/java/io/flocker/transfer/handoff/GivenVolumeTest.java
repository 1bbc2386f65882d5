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
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.plan.InitialReplication;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.Condition;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Volume;
import io.flocker.transfer.node.MemoryNode;
import io.flocker.transfer.node.MemoryPair;
import io.flocker.transfer.push.RecordingContext;
import io.flocker.transfer.push.SentStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a handoff leaves of a volume at who gives it, and where it is if it comes to nothing. */
@Timeout(120)
class GivenVolumeTest {
  private static final long QUOTA_BYTES = 1 << 24;

  @RegisterExtension final MemoryPair nodes = new MemoryPair();

  private VolumeId volume;

  @BeforeEach
  void open() throws Exception {
    volume = nodes.first.create("default.db").id();
  }

  private Dataset here() throws FailureException {
    return nodes.first.catalog.require(volume).dataset();
  }

  @Test
  void whatTheVolumeIsSetToIsInForceAtItsOwnerAndNotAtTheCopyThatStays() throws Exception {
    nodes.first.fake.setQuota(here().name(), QUOTA_BYTES);
    nodes.first.fake.setProperty(here().name(), "compression", "gzip");

    var _ = nodes.handOff(volume);

    Dataset there = nodes.second.catalog.require(volume).dataset();
    assertEquals(QUOTA_BYTES, there.quotaBytes());
    assertEquals(Map.of("compression", "gzip"), there.settings());
    assertEquals(0, here().quotaBytes(), "a quota would keep out what the owner sends");
    assertTrue(here().isSealed());
  }

  @Test
  void whatIsTakenIsTakenThoughNothingCanBeReadOrWrittenAboutIt() throws Exception {
    nodes.first.register.describe(volume, Map.of("team", "web"));
    FailureException broken = RequestFailure.STATE_UNAVAILABLE.because("the database is broken");
    nodes.first.register.fail(Optional.of(broken));

    var _ = nodes.handOff(volume);

    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
    nodes.second.register.fail(Optional.of(broken));
    nodes.first.register.fail(Optional.empty());
    handBack(new RecordingContext());
    assertOwner(nodes.first, volume, 2);
    assertEquals(Map.of("team", "web"), nodes.first.register.metadata(volume), "nothing said else");
  }

  @Test
  void whatTheNewOwnerCannotWriteAboutAVolumeDoesNotKeepItFromTheVolume() throws Exception {
    nodes.first.register.describe(volume, Map.of("team", "web"));
    nodes.second.register.fail(Optional.of(RequestFailure.STATE_UNAVAILABLE.because("broken")));

    var _ = nodes.handOff(volume);

    assertOwner(nodes.second, volume, 1);
  }

  private void handBack(RecordingContext context) throws Exception {
    var _ =
        nodes.second.handoff.run(
            volume, nodes.first.id, InitialReplication.ALL, Condition.NONE, context);
  }

  @Test
  void aVolumeWhoseUsersWereEndedIsTakenAwayFirstAndSentOnce() throws Exception {
    List<String> steps = new CopyOnWriteArrayList<>();
    nodes.first.pool.breaks((method, _) -> steps.add(method));
    nodes.first.links.breaks(steps::add);

    HandoffResult result =
        nodes.first.handoff.runAtRest(
            volume, nodes.second.id, InitialReplication.ALL, new RecordingContext());

    assertOwner(nodes.second, volume, 1);
    assertReplica(nodes.first, volume, nodes.second, 1);
    assertEquals(List.of("full"), result.streams().stream().map(SentStream::kind).toList());
    assertTrue(steps.indexOf("unmount") < steps.indexOf("announce"), steps::toString);
  }

  @Test
  void whatIsGivenUpIsMountedAgainWhereItsUsersHadIt() throws Exception {
    Path elsewhere = nodes.folder.resolve("by-hand");
    nodes.first.fake.unmount(here().name());
    nodes.first.fake.mountWritable(here().name(), elsewhere);

    assertFails(
        TransferFailure.CANCELLED,
        () -> nodes.handOff(volume, new RecordingContext().cancelAt(RecordingContext.COMMIT)));

    assertOwner(nodes.first, volume, 0);
    assertEquals(Optional.of(elsewhere), here().mountpoint());
  }

  @Test
  void whatWasMountedNowhereIsMountedAtHomeWhenItIsGivenUp() throws Exception {
    Path home = here().mountpoint().orElseThrow();
    nodes.first.fake.unmount(here().name());

    assertFails(
        TransferFailure.CANCELLED,
        () -> nodes.handOff(volume, new RecordingContext().cancelAt(RecordingContext.COMMIT)));

    assertOwner(nodes.first, volume, 0);
    assertEquals(Optional.of(home), here().mountpoint());
  }

  /** It is not mounted because it is somebody else's, of which its disk knows nothing any more. */
  @Test
  void whatIsNotMountedBecauseAPeerOwnsItIsNotMountedForAHandoffEither() throws Exception {
    Volume before = nodes.first.catalog.require(volume);
    var _ = nodes.handOff(volume);
    MemoryNode back = nodes.first.restored(nodes.second, before, Duration.ofSeconds(30));
    List<String> changes = back.fake.changes();

    FailureException refusal =
        assertFails(
            OwnershipFailure.PEERS_UNANSWERED,
            () ->
                back.handoff.run(
                    volume,
                    nodes.second.id,
                    InitialReplication.ALL,
                    Condition.NONE,
                    new RecordingContext()));

    assertTrue(refusal.detail().contains("default.db is not mounted yet"), refusal.detail());
    assertFalse(
        back.fake.changes().subList(changes.size(), back.fake.changes().size()).stream()
            .anyMatch(change -> change.startsWith("mount")));
    assertFalse(back.links.said().contains("prepare"));
    assertOwner(nodes.second, volume, 1);
    back.confirmer.close();
  }

  @Test
  void whoLooksAtAVolumeOfWhichNobodyKnowsWhetherItWasGivenReadsThat() throws Exception {
    nodes.first.pool.breaks((method, arguments) -> {
      if (method.equals("setRecord")
          && ((OwnershipRecord) arguments[1]).state() == OwnershipState.RELEASED) {
        throw StorageFailure.ZFS_TIMEOUT.because("late");
      }
    });

    assertFails(StorageFailure.ZFS_TIMEOUT, () -> nodes.handOff(volume));

    MountStatus status = nodes.first.mounter.status(nodes.first.catalog.require(volume));
    assertEquals(MountStatus.State.FAILED, status.state());
    assertTrue(status.reason().orElse("").contains("nobody knows yet"), status::toString);
  }
}
