package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Address;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.storage.Bookmark;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoverSweepTest {
  private final UUID operation = UUID.randomUUID();
  private final Set<UUID> atWork = new HashSet<>();
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");

  private Pond pond;
  private LeftoverSweep sweep;
  private VolumeId id;
  private String dataset;
  private Snapshot snapshot;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException, FailureException {
    pond = new Pond(folder);
    know(pond.other);
    sweep = new LeftoverSweep(pond.node, atWork::contains, () -> now);
    Volume volume = pond.volumes.create(VolumeName.parse("default.a"), Optional.empty(), 0);
    id = volume.id();
    dataset = volume.dataset().name();
    snapshot = pond.volumes.snapshot(id, "s", Condition.NONE);
  }

  @Test
  void whatAnOperationHeldGoesWhenItHasEnded() throws FailureException {
    pond.holds.hold(volume(), snapshot, new Hold.Operation(operation));
    atWork.add(operation);
    sweep.round();
    assertEquals(1, pond.storage.holds(dataset, "s").size(), "it is at work");

    atWork.clear();
    sweep.round();

    assertEquals(Set.of(), pond.storage.holds(dataset, "s"));
    assertEquals(List.of(), pond.journal.list());
  }

  @Test
  void whatSomebodyElseHoldsStays() throws FailureException {
    pond.storage.hold(dataset, "s", "backup");
    pond.holds.hold(volume(), snapshot, new Hold.Operation(operation));

    sweep.round();

    assertEquals(Set.of("backup"), pond.storage.holds(dataset, "s"));
  }

  @Test
  void theBaseOfAPeerStaysAndOneThatACrashLeftGoes() throws FailureException {
    Snapshot next = pond.volumes.snapshot(id, "next", Condition.NONE);
    pond.bases.arrived(volume(), pond.other, snapshot.guid());
    pond.holds.hold(volume(), next, new Hold.Peer(pond.other)); // and then it was killed

    sweep.round();

    assertEquals(1, pond.storage.holds(dataset, "s").size());
    assertEquals(Set.of(), pond.storage.holds(dataset, "next"));
    assertEquals(1, volume().dataset().bookmarks().size());
  }

  @Test
  void nothingIsKeptForAPeerThatWasTakenOut() throws FailureException {
    NodeId third = NodeId.random();
    know(third);
    pond.bases.arrived(volume(), pond.other, snapshot.guid());
    pond.bases.arrived(volume(), third, snapshot.guid());

    pond.peers.remove(pond.other);
    pond.bases.takenOut(pond.other);
    sweep.round();

    assertEquals(Set.of(new Hold.Peer(third).tag()), pond.storage.holds(dataset, "s"));
    assertEquals(Map.of(third, snapshot.guid()), pond.cursors.of(id));
    assertEquals(
        List.of(new BookmarkName(third, snapshot.guid()).toString()),
        volume().dataset().bookmarks().stream().map(Bookmark::name).toList());
  }

  @Test
  void aPeerThatWasTakenOutJustBeforeTheKillIsFound() throws FailureException {
    pond.bases.arrived(volume(), pond.other, snapshot.guid());
    pond.peers.remove(pond.other);

    sweep.round();

    assertEquals(Set.of(), pond.storage.holds(dataset, "s"));
    assertEquals(Map.of(), pond.cursors.of(id));
  }

  @Test
  void theCursorOfANodeThatIsNotKnownYetStays() throws FailureException {
    NodeId unknown = NodeId.random();
    var _ = pond.cursors.move(id, unknown, snapshot.guid()); // as a grant brings it

    sweep.round();

    assertEquals(Map.of(unknown, snapshot.guid()), pond.cursors.of(id));
  }

  @Test
  void aVolumeThatIsAtWorkIsLeftToTheNextRound() throws FailureException {
    pond.holds.hold(volume(), snapshot, new Hold.Operation(operation));
    try (VolumeLocks.Lease _ = pond.locks.share(id, "push")) {
      sweep.round();
      assertEquals(1, pond.storage.holds(dataset, "s").size());
    }

    sweep.round();

    assertEquals(Set.of(), pond.storage.holds(dataset, "s"));
  }

  @Test
  void whoComesWhileAVolumeIsSweptWaitsAndIsNotRefused() throws Exception {
    pond.holds.hold(volume(), snapshot, new Hold.Operation(operation));
    FutureTask<Set<String>> destruction =
        new FutureTask<>(() -> {
          try (VolumeLocks.Lease _ = pond.locks.own(id, "destroy")) {
            return pond.storage.holds(dataset, "s");
          }
        });
    Thread user = Thread.ofVirtual().unstarted(destruction);
    Predicate<UUID> hasEnded =
        _ -> {
          if (pond.locks.isOwned(id) && user.getState() == Thread.State.NEW) {
            user.start();
            while (user.isAlive() && user.getState() != Thread.State.TIMED_WAITING) {
              Thread.onSpinWait();
            }
          }
          return false;
        };

    new LeftoverSweep(pond.node, hasEnded, () -> now).round();

    assertEquals(Set.of(), destruction.get());
  }

  @Test
  void whatIsHeldOfAVolumeThatIsAwayIsReleasedWhenItIsBack() throws FailureException {
    pond.holds.hold(volume(), snapshot, new Hold.Operation(operation));
    pond.storage.unmount(dataset);
    for (String strange : List.of("tank/strange", "tank/backup/below")) {
      pond.storage.rename(dataset, strange);
      pond.catalog.lookAround();
      sweep.round();
      now = now.plus(Duration.ofDays(29));
      sweep.round();
      assertEquals(1, pond.journal.list().size(), strange);
      pond.storage.rename(strange, dataset);
      pond.catalog.lookAround();
    }

    sweep.round();

    assertEquals(Set.of(), pond.storage.holds(dataset, "s"));
    assertEquals(List.of(), pond.journal.list());
  }

  @Test
  void whatAnOperationCouldNotReleaseUnderTheOldNameIsReleasedUnderTheNewOne()
      throws FailureException {
    Volume before = volume();
    pond.holds.hold(before, snapshot, new Hold.Operation(operation));
    pond.storage.unmount(dataset);
    String renamed = Pond.dataset(pond.self, "default.b");
    pond.storage.rename(dataset, renamed);

    pond.holds.releaseAll(before, new Hold.Operation(operation));
    assertEquals(1, pond.journal.list().size());
    sweep.round();

    assertEquals(Set.of(), pond.storage.holds(renamed, "s"));
    assertEquals(List.of(), pond.journal.list());
  }

  @Test
  void whatIsWrittenOfASnapshotThatIsGoneIsForgotten() throws FailureException {
    pond.journal.add(
        new HoldJournal.Entry(id, new Guid(4711), new Hold.Operation(operation).tag()));

    sweep.round();

    assertEquals(List.of(), pond.journal.list());
  }

  @Test
  void whatWasHeldOfAVolumeThatIsGoneIsForgottenInTheEndAndCostsNothing() throws FailureException {
    pond.journal.add(
        new HoldJournal.Entry(
            VolumeId.random(), snapshot.guid(), new Hold.Operation(operation).tag()));
    sweep.round();
    int before = pond.storage.listings();
    sweep.round();
    assertEquals(before, pond.storage.listings());
    assertEquals(1, pond.journal.list().size());

    now = now.plus(Duration.ofDays(30));
    sweep.round();

    assertEquals(List.of(), pond.journal.list());
  }

  @Test
  void whatIsDestroyedHereIsWrittenNoMore() throws FailureException {
    pond.bases.arrived(volume(), pond.other, snapshot.guid());

    pond.volumes.destroy(id, Condition.NONE);

    assertEquals(List.of(), pond.journal.list());
  }

  @Test
  void emptyFoldersOfVolumesThatHaveGoneAreRemovedAndNoOthers() throws Exception {
    Path gone = folder("default.gone");
    Path full = folder("default.full");
    Files.writeString(full.resolve("file"), "x");
    age(full);
    Path somebodys = folder("lost+found");
    Path owned = pond.home.mountpoint(VolumeName.parse("default.a"));
    age(owned);
    Path fresh = folder("default.fresh");
    Files.setLastModifiedTime(fresh, FileTime.from(now.minusSeconds(5)));

    sweep.round();

    assertFalse(Files.exists(gone));
    for (Path left : List.of(full, somebodys, owned, fresh)) {
      assertTrue(Files.exists(left), left::toString);
    }
  }

  @Test
  void aCopyThatSomebodyOpenedIsSealedAgainWithinTheHour() throws FailureException {
    String copy = pond.add(VolumeId.random(), 1, pond.other, OwnershipState.OWNED, "default.b");
    pond.storage.setQuota(copy, 4096);
    sweep.round();
    assertEquals(4096, pond.storage.dataset(copy).orElseThrow().limitBytes());
    pond.storage.setReadonly(copy, false);

    sweep.round();
    assertFalse(pond.storage.dataset(copy).orElseThrow().isReadonly(), "the pool has its time");
    now = now.plus(Duration.ofHours(1));
    sweep.round();

    Dataset sealed = pond.storage.dataset(copy).orElseThrow();
    assertTrue(sealed.isReadonly());
    assertEquals(0, sealed.quotaBytes());
    assertFalse(volume().dataset().isSealed(), "its owner's own is left");
  }

  private void know(NodeId node) throws FailureException {
    var _ = pond.peers.put(new Peer(node, List.of(Address.parse("b:4523")), Takeover.NEVER));
  }

  private Path folder(String name) throws IOException {
    Path folder = Files.createDirectories(pond.home.mountRoot().resolve(name));
    age(folder);
    return folder;
  }

  private void age(Path folder) throws IOException {
    Files.setLastModifiedTime(folder, FileTime.from(now.minus(Duration.ofHours(2))));
  }

  private Volume volume() throws FailureException {
    return pond.catalog.require(id);
  }
}
