package io.flocker.core.volume;

import static io.flocker.core.volume.Failing.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.VolumeProperties;
import io.flocker.core.volume.VolumeLocks.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumesTest {
  private static final VolumeName NAME = VolumeName.parse("default.mongodb");
  private static final VolumeId LINEAGE = VolumeId.random();

  private Pond pond;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    pond = new Pond(folder);
  }

  @Test
  @DisplayName("6 a new volume is mounted, for root to write")
  void aNewVolumeIsMountedForRootToWrite() throws FailureException, IOException {
    Volume volume = pond.volumes.create(NAME, Optional.of(LINEAGE), 1 << 20);
    Path mountpoint = pond.home.mountpoint(NAME);
    assertEquals(LINEAGE, volume.id());
    assertEquals(Role.OWNER, volume.role());
    assertEquals(Pond.dataset(pond.self, "default.mongodb"), volume.dataset().name());
    assertEquals(Optional.of(mountpoint), volume.dataset().mountpoint());
    assertEquals(1 << 20, volume.dataset().quotaBytes());
    assertTrue(volume.dataset().isMounted());
    assertEquals("rwxr-xr-x", mode(mountpoint));
  }

  @Test
  @DisplayName("6 a new volume is for everybody to write where the node's settings say so")
  void aNewVolumeIsForEverybodyToWriteWhereThatIsAskedFor(@TempDir Path folder)
      throws FailureException, IOException {
    Pond open = new Pond(folder, VolumeMode.EVERYBODY_WRITES);
    Volume _ = open.volumes.create(NAME, Optional.empty(), 0);
    assertEquals("rwxrwxrwx", mode(open.home.mountpoint(NAME)));
  }

  private static String mode(Path folder) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
  }

  @Test
  @DisplayName("26 two volumes have two datasets and two mountpoints")
  void twoVolumesHaveTwoDatasetsAndTwoMountpoints() throws FailureException {
    Volume first = pond.volumes.create(NAME, Optional.empty(), 0);
    Volume second = pond.volumes.create(VolumeName.parse("default.other"), Optional.empty(), 0);
    assertNotEquals(first.id(), second.id());
    assertNotEquals(first.dataset().name(), second.dataset().name());
    assertNotEquals(first.dataset().mountpoint(), second.dataset().mountpoint());
  }

  @Test
  @DisplayName("27 what was created is found again, its mountpoint a folder")
  void whatWasCreatedIsFoundAgain() throws FailureException {
    Volume created = pond.volumes.create(NAME, Optional.empty(), 0);
    assertEquals(Optional.of(created), pond.catalog.find(NAME));
    assertEquals(created, pond.catalog.require(created.id()));
    assertTrue(Files.isDirectory(created.dataset().mountpoint().orElseThrow()));
  }

  @Test
  void neitherNameNorIdCanBeUsedTwice() throws FailureException {
    Volume first = pond.volumes.create(NAME, Optional.empty(), 0);
    FailureException sameName =
        assertFails(
            OwnershipFailure.VOLUME_EXISTS, () -> pond.volumes.create(NAME, Optional.empty(), 0));
    assertEquals(first.id(), sameName.members().get("volume"));
    assertFails(
        OwnershipFailure.VOLUME_EXISTS,
        () -> pond.volumes.create(VolumeName.parse("default.other"), Optional.of(first.id()), 0));
  }

  @Test
  void whatCouldNotBeMountedIsTakenAwayAgain() throws FailureException {
    pond.storage.failNextMount(StorageFailure.ZFS_FAILED.because("no"));
    assertFails(StorageFailure.ZFS_FAILED, () -> pond.volumes.create(NAME, Optional.empty(), 0));
    assertEquals(List.of(), pond.catalog.list());
    pond.volumes.create(NAME, Optional.empty(), 0);
  }

  @Test
  void whatIsWhereAVolumeWouldBeMountedIsToldOfAndLeft() throws Exception {
    VolumeId source = pond.volumes.create(VolumeName.parse("default.a"), Optional.empty(), 0).id();
    Path mountpoint = pond.home.mountpoint(NAME);
    Path elsewhere = Files.createDirectory(pond.folder.resolve("elsewhere"));
    List<String> before = pond.storage.changes();

    Files.writeString(mountpoint, "precious");
    requireOccupied(source, mountpoint);
    assertEquals("precious", Files.readString(mountpoint));
    Files.delete(mountpoint);
    for (Path target : List.of(elsewhere, pond.folder.resolve("nowhere"))) {
      Files.createSymbolicLink(mountpoint, target);
      requireOccupied(source, mountpoint);
      assertEquals(target, Files.readSymbolicLink(mountpoint));
      Files.delete(mountpoint);
    }
    Path kept = Files.createDirectories(mountpoint.resolve("kept"));
    requireOccupied(source, mountpoint);
    assertTrue(Files.isDirectory(kept));

    assertEquals(before, pond.storage.changes());
  }

  private void requireOccupied(VolumeId source, Path mountpoint) {
    for (FailureException refusal :
        List.of(
            assertFails(
                OwnershipFailure.MOUNTPOINT_OCCUPIED,
                () -> pond.volumes.create(NAME, Optional.empty(), 0)),
            assertFails(
                OwnershipFailure.MOUNTPOINT_OCCUPIED,
                () -> cloneOfNow(source, OptionalLong.empty())))) {
      assertEquals(pond.self, refusal.members().get("node"));
      assertEquals(mountpoint.toString(), refusal.members().get("mountpoint"));
    }
  }

  private Volume cloneOfNow(VolumeId source, OptionalLong quotaBytes) throws FailureException {
    return pond.volumes.cloneOf(
        source, Optional.empty(), NAME, Optional.empty(), quotaBytes, Condition.NONE);
  }

  @Test
  void whatComesToBeThereMeanwhileIsLeftWhenAVolumeIsTakenAway() throws Exception {
    Path mountpoint = pond.home.mountpoint(NAME);
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 0).id();
    Files.delete(mountpoint); // What is seen there in memory is what the mount would hide.
    Files.writeString(mountpoint, "precious");

    pond.volumes.destroy(id, Condition.NONE);

    assertEquals("precious", Files.readString(mountpoint));
  }

  @Test
  void theDestructionOfACopyLeavesWhatIsWhereItsNameSays() throws Exception {
    Path mountpoint = Files.createDirectories(pond.home.mountpoint(NAME));
    pond.add(LINEAGE, 0, pond.other, OwnershipState.OWNED, NAME.toString());

    pond.volumes.destroyReplica(LINEAGE, Condition.NONE);

    assertTrue(Files.isDirectory(mountpoint), "nobody of ours has made it");
    pond.add(LINEAGE, 0, pond.other, OwnershipState.OWNED, NAME.toString());
    Files.delete(mountpoint);
    Files.writeString(mountpoint, "precious");
    pond.volumes.destroyReplica(LINEAGE, Condition.NONE);
    assertEquals("precious", Files.readString(mountpoint));
  }

  @Test
  void aQuotaThatNotEvenAnEmptyVolumeKeepsIsCalledTooSmall() throws Exception {
    VolumeId source = pond.volumes.create(VolumeName.parse("default.a"), Optional.empty(), 0).id();
    pond.storage.setReferenced(Pond.dataset(pond.self, "default.a"), 5 << 20);

    FailureException empty =
        assertFails(
            OwnershipFailure.QUOTA_TOO_SMALL,
            () -> pond.volumes.create(NAME, Optional.empty(), 100));
    FailureException filled =
        assertFails(
            OwnershipFailure.QUOTA_TOO_SMALL, () -> cloneOfNow(source, OptionalLong.of(100)));

    assertEquals(1L << 20, empty.members().get("leastQuotaBytes"));
    assertEquals(6L << 20, filled.members().get("leastQuotaBytes"));
    assertEquals(List.of(), pond.catalog.require(source).dataset().snapshots());
    pond.volumes.create(NAME, Optional.empty(), 1 << 20);
  }

  @Test
  @DisplayName("23 24 39 a limit is told from the first, changed and taken away, and not below use")
  void aLimitChangesAndIsNeverBelowWhatIsUsed() throws Exception {
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 8 << 20).id();
    assertEquals(8 << 20, limit(id));

    for (long bytes : new long[] {16 << 20, 0, 0, 8 << 20}) {
      assertEquals(bytes, limit(id, bytes).dataset().limitBytes());
      assertEquals(bytes, limit(id));
    }
    pond.storage.setReferenced(Pond.dataset(pond.self, NAME.toString()), 5 << 20);
    assertFails(OwnershipFailure.QUOTA_TOO_SMALL, () -> limit(id, 4 << 20));
    assertEquals(8 << 20, limit(id));
  }

  private Volume limit(VolumeId id, long bytes) throws FailureException {
    return pond.volumes.change(
        id, new VolumeChange(OptionalLong.of(bytes), Optional.empty()), Condition.NONE);
  }

  /** As the list tells it. */
  private long limit(VolumeId id) throws FailureException {
    return pond.catalog.list().stream()
        .filter(volume -> volume.id().equals(id))
        .findFirst()
        .orElseThrow()
        .dataset()
        .limitBytes();
  }

  @Test
  void aSnapshotWhoseAnswerIsLostIsTakenAllTheSame(@TempDir Path folder) throws Exception {
    Faults faults = new Faults();
    Pond faulty = new Pond(folder, faults);
    VolumeId id = faulty.volumes.create(NAME, Optional.empty(), 0).id();
    Volume volume = faulty.catalog.require(id);

    faults.failAt(1, Faults.Kind.LOST);
    Snapshot taken = faulty.catalog.snapshots().take(volume, "lost");

    assertEquals(List.of(taken), faulty.catalog.require(id).dataset().snapshots());
    Volume later = faulty.catalog.require(id);
    faults.failAt(1, Faults.Kind.REFUSED);
    assertFails(StorageFailure.ZFS_FAILED, () -> faulty.catalog.snapshots().take(later, "refused"));
    assertFails(
        StorageFailure.DATASET_EXISTS, () -> faulty.catalog.snapshots().take(later, "lost"));
  }

  @Test
  @DisplayName("38 a new volume has no snapshots")
  void aNewVolumeHasNoSnapshots() throws FailureException {
    assertEquals(List.of(), pond.volumes.create(NAME, Optional.empty(), 0).dataset().snapshots());
  }

  @Test
  void theOwnerTakesSnapshots() throws FailureException {
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 0).id();
    Snapshot pushed = pond.volumes.snapshot(id, SnapshotPurpose.PUSH);
    Snapshot named = pond.volumes.snapshot(id, "before-upgrade", Condition.NONE);
    assertEquals(List.of(pushed, named), pond.catalog.require(id).dataset().snapshots());
    assertEquals(SnapshotPurpose.PUSH, SnapshotName.parse(pushed.name()).orElseThrow().purpose());
    assertEquals("before-upgrade", named.name());
  }

  @Test
  void nobodyElseTakesSnapshots() throws FailureException {
    pond.add(LINEAGE, 0, pond.other, OwnershipState.OWNED, "default.mongodb");
    assertFails(
        OwnershipFailure.NOT_OWNER, () -> pond.volumes.snapshot(LINEAGE, SnapshotPurpose.MANUAL));
  }

  @Test
  void noSnapshotIsTakenWhileSomebodyHasTheVolumeAlone() throws FailureException {
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 0).id();
    try (Lease _ = pond.locks.own(id, "handoff")) {
      assertFails(
          OwnershipFailure.VOLUME_LOCKED, () -> pond.volumes.snapshot(id, SnapshotPurpose.MANUAL));
      assertFails(OwnershipFailure.VOLUME_LOCKED, () -> pond.volumes.destroy(id, Condition.NONE));
    }
  }

  @Test
  @DisplayName("40 a destroyed volume is gone, with its snapshots and what peers held")
  void aDestroyedVolumeIsGone() throws FailureException {
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 0).id();
    String dataset = Pond.dataset(pond.self, "default.mongodb");
    Snapshot pushed = pond.volumes.snapshot(id, SnapshotPurpose.PUSH);
    var _ = pond.cursors.move(id, pond.other, pushed.guid());
    pond.storage.hold(dataset, pushed.name(), new Hold.Peer(pond.other).tag());
    pond.volumes.destroy(id, Condition.NONE);
    assertEquals(List.of(), pond.catalog.list());
    assertEquals(Map.of(), pond.cursors.of(id));
  }

  @Test
  void aSnapshotThatSomebodyElseHoldsKeepsTheVolume() throws FailureException {
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 0).id();
    String dataset = Pond.dataset(pond.self, "default.mongodb");
    Snapshot pushed = pond.volumes.snapshot(id, SnapshotPurpose.PUSH);
    pond.storage.hold(dataset, pushed.name(), "keep");
    assertFails(StorageFailure.SNAPSHOT_HELD, () -> pond.volumes.destroy(id, Condition.NONE));
    assertEquals(Set.of("keep"), pond.storage.holds(dataset, pushed.name()));
  }

  @Test
  void whoeverUsesAVolumeIsNamed() throws FailureException {
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 0).id();
    pond.storage.setBusy(Pond.dataset(pond.self, "default.mongodb"), true);
    FailureException refusal =
        assertFails(OwnershipFailure.VOLUME_IN_USE, () -> pond.volumes.destroy(id, Condition.NONE));
    assertEquals(List.of(Pond.HOLDER), refusal.members().get("holders"));
    assertTrue(refusal.detail().contains("postgres (pid 4711, fd/7)"), refusal.detail());
    assertEquals(1, pond.catalog.list().size());
  }

  @Test
  void nobodyIsBlamedForAVolumeThatIsBusyWhereNobodyIsFound() throws FailureException {
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 0).id();
    pond.storage.setBusy(Pond.dataset(pond.self, "default.mongodb"), true);
    pond.users.clear();
    FailureException refusal =
        assertFails(StorageFailure.DATASET_BUSY, () -> pond.volumes.destroy(id, Condition.NONE));
    assertFalse(refusal.members().containsKey("holders"));
    assertTrue(pond.catalog.require(id).dataset().isMounted());
  }

  @Test
  void aVolumeWithChildrenIsKept() throws FailureException {
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 0).id();
    String dataset = Pond.dataset(pond.self, "default.mongodb");
    pond.storage.setChildren(dataset, true);
    FailureException refusal =
        assertFails(OwnershipFailure.HAS_CHILDREN, () -> pond.volumes.destroy(id, Condition.NONE));
    assertEquals(List.of(dataset + "/child"), refusal.members().get("children"));
    assertTrue(pond.catalog.require(id).dataset().isMounted());
  }

  @Test
  void aReplicaIsDestroyedOnlyWhenThatIsSaid() throws FailureException {
    pond.add(LINEAGE, 0, pond.other, OwnershipState.OWNED, "default.mongodb");
    assertFails(OwnershipFailure.NOT_OWNER, () -> pond.volumes.destroy(LINEAGE, Condition.NONE));
    pond.volumes.destroyReplica(LINEAGE, Condition.NONE);
    assertEquals(List.of(), pond.catalog.list());
    VolumeId own = pond.volumes.create(NAME, Optional.empty(), 0).id();
    assertFails(
        OwnershipFailure.OWNED_HERE, () -> pond.volumes.destroyReplica(own, Condition.NONE));
  }

  /** Such a volume could not be given away. */
  @Test
  void nothingIsWrittenAboutAVolumeThatItCouldNotTakeAlong() throws FailureException {
    String long257 = "x".repeat(257);
    for (Map<String, String> refused :
        List.of(Map.of("", "a"), Map.of(long257, "a"), Map.of("a", long257))) {
      assertFails(
          RequestFailure.MALFORMED_REQUEST,
          () -> pond.volumes.create(NAME, Optional.empty(), 0, refused));
    }
    assertEquals(List.of(), pond.catalog.list());
    VolumeId id =
        pond.volumes.create(NAME, Optional.empty(), 0, Map.of("note", "x".repeat(256))).id();
    assertFails(RequestFailure.MALFORMED_REQUEST, () -> describe(id, Map.of("note", long257)));

    pond.register.describe(id, Map.of("note", long257)); // As a daemon of before let it be.
    limit(id, 8 << 20);
    assertFails(
        RequestFailure.MALFORMED_REQUEST, () -> describe(id, Map.of("note", long257, "b", "")));
    describe(id, Map.of("note", "short"));
    assertEquals(Map.of("note", "short"), pond.register.metadata(id));
  }

  private void describe(VolumeId id, Map<String, String> metadata) throws FailureException {
    Volume _ =
        pond.volumes.change(
            id, new VolumeChange(OptionalLong.empty(), Optional.of(_ -> metadata)), Condition.NONE);
  }

  @Test
  void noQuotaIsLargerThanNodesTellEachOther() throws FailureException {
    long most = VolumeProperties.MAX_QUOTA;
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), most).id();
    assertFails(RequestFailure.MALFORMED_REQUEST, () -> limit(id, most + 1));
    assertFails(RequestFailure.MALFORMED_REQUEST, () -> cloneOfNow(id, OptionalLong.of(most + 1)));
    assertFails(
        RequestFailure.MALFORMED_REQUEST,
        () -> pond.volumes.create(VolumeName.parse("default.b"), Optional.empty(), Long.MAX_VALUE));
    assertEquals(most, limit(id));
  }

  @Test
  void aReplicaThatIsDestroyedTakesAlongWhatWasWrittenWhenItWasOwnedHere() throws FailureException {
    pond.add(LINEAGE, 1, pond.other, OwnershipState.OWNED, "default.mongodb");
    pond.register.describe(LINEAGE, Map.of("team", "storage"));
    pond.volumes.destroyReplica(LINEAGE, Condition.NONE);
    assertEquals(Map.of(), pond.register.metadata());
    assertEquals(OptionalLong.empty(), pond.register.tombstone(LINEAGE));
  }

  @Test
  void aReplicaIsDestroyedOnlyAsTheConditionSays() throws FailureException {
    String replica = pond.add(LINEAGE, 0, pond.other, OwnershipState.OWNED, "default.mongodb");
    pond.storage.snapshot(replica, "copied");
    assertFails(
        RequestFailure.PRECONDITION_FAILED,
        () -> pond.volumes.destroyReplica(LINEAGE, VolumesTest::hasNoSnapshot));
    assertEquals(1, pond.catalog.require(LINEAGE).dataset().snapshots().size());
  }

  @Test
  void aNameThatAReplicaBearsIsTaken() throws FailureException {
    pond.add(LINEAGE, 0, pond.other, OwnershipState.OWNED, "default.mongodb");
    FailureException refusal =
        assertFails(
            OwnershipFailure.VOLUME_EXISTS, () -> pond.volumes.create(NAME, Optional.empty(), 0));
    assertEquals(LINEAGE, refusal.members().get("volume"));
    assertEquals(Role.REPLICA, refusal.members().get("role"));
    assertEquals(pond.other, refusal.members().get("owner"));
  }

  @Test
  void whatKeepsAVolumeIsSeenBeforeAnybodyIsDisturbed() throws FailureException {
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 0).id();
    String dataset = Pond.dataset(pond.self, "default.mongodb");
    Snapshot pushed = pond.volumes.snapshot(id, SnapshotPurpose.PUSH);
    pond.storage.hold(dataset, pushed.name(), "keep");
    List<String> before = pond.storage.changes();
    assertFails(StorageFailure.SNAPSHOT_HELD, () -> pond.volumes.destroy(id, Condition.NONE));
    assertEquals(before, pond.storage.changes());
    assertEquals(OptionalLong.empty(), pond.register.tombstone(id));
  }

  @Test
  void aSnapshotsNameIsNoLongerThanZfsAllows() throws FailureException {
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 0).id();
    int rest = 254 - Pond.dataset(pond.self, "default.mongodb").length();
    assertFails(
        RequestFailure.MALFORMED_REQUEST,
        () -> pond.volumes.snapshot(id, "s".repeat(rest + 1), Condition.NONE));
    pond.volumes.snapshot(id, "s".repeat(rest), Condition.NONE);
  }

  @Test
  @DisplayName("19 the name follows the owner")
  void theNameFollowsTheOwner() throws FailureException {
    String old = pond.add(LINEAGE, 0, pond.other, OwnershipState.OWNED, "default.mongodb");
    pond.record(old, LINEAGE, 1, pond.self, OwnershipState.OWNED);
    pond.volumes.repairName(pond.catalog.require(LINEAGE));
    assertEquals(
        Pond.dataset(pond.self, "default.mongodb"), pond.catalog.require(LINEAGE).dataset().name());
  }

  @Test
  @DisplayName("H03 of two conditional snapshots that race one is refused")
  void noOtherSnapshotComesBetweenConditionAndSnapshot() throws Exception {
    VolumeId id = pond.volumes.create(NAME, Optional.empty(), 0).id();
    AtomicReference<Failure> refusal = new AtomicReference<>();
    Thread second =
        new Thread(() -> {
          FailureException refused =
              assertThrows(
                  FailureException.class,
                  () -> pond.volumes.snapshot(id, "second", VolumesTest::hasNoSnapshot));
          refusal.set(refused.failure());
        });

    var _ =
        pond.volumes.snapshot(
            id,
            "first",
            volume -> {
              hasNoSnapshot(volume);
              second.start();
              awaitWait(second);
            });
    second.join();

    assertEquals(RequestFailure.PRECONDITION_FAILED, refusal.get());
    assertEquals(
        List.of("first"),
        pond.catalog.require(id).dataset().snapshots().stream().map(Snapshot::name).toList());
  }

  private static void hasNoSnapshot(Volume volume) throws FailureException {
    if (!volume.dataset().snapshots().isEmpty()) {
      throw RequestFailure.PRECONDITION_FAILED.because("there is one");
    }
  }

  /** Until it waits for somebody, or has ended. */
  private static void awaitWait(Thread thread) {
    while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aNameThatCannotBeRepairedIsLeft() throws FailureException {
    String old = pond.add(LINEAGE, 0, pond.other, OwnershipState.OWNED, "default.mongodb");
    pond.record(old, LINEAGE, 1, pond.self, OwnershipState.OWNED);
    pond.storage.mountWritable(old, pond.home.mountpoint(NAME));
    pond.volumes.repairName(pond.catalog.require(LINEAGE));
    assertEquals(old, pond.catalog.require(LINEAGE).dataset().name());
  }
}
