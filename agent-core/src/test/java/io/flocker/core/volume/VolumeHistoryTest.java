package io.flocker.core.volume;

import static io.flocker.core.volume.Failing.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.RequestFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.grant.GrantChain;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.volume.VolumeHistory.Rollback;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeHistoryTest {
  private static final VolumeName NAME = VolumeName.parse("default.mongodb");

  private Pond pond;
  private VolumeId id;
  private String dataset;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException, FailureException {
    pond = new Pond(folder);
    Volume volume = pond.volumes.create(NAME, Optional.empty(), 0);
    id = volume.id();
    dataset = volume.dataset().name();
  }

  @Test
  void aSnapshotIsDestroyedByItsName() throws FailureException {
    Snapshot first = snapshot("first");
    snapshot("second");

    destroy("second", false);

    assertEquals(List.of(first), snapshots());
    assertFails(StorageFailure.DATASET_NOT_FOUND, () -> destroy("second", false));
  }

  @Test
  void whatIsHeldStaysAndTheHoldsAreNamed() throws FailureException {
    snapshot("kept");
    pond.storage.hold(dataset, "kept", "backup");

    FailureException refusal =
        assertFails(StorageFailure.SNAPSHOT_HELD, () -> destroy("kept", true));

    assertEquals(Set.of("backup"), refusal.members().get("holds"));
    String release = "zfs release TAG '" + dataset + "@kept'";
    assertTrue(refusal.detail().contains(release), refusal::detail);
    assertEquals(1, snapshots().size());
  }

  @Test
  void theBaseOfAPeerIsGivenUpOnAnExplicitWordOnly() throws FailureException {
    pushed(snapshot("base"));

    FailureException refusal =
        assertFails(OwnershipFailure.BASE_NEEDED, () -> destroy("base", false));
    assertEquals(Set.of(pond.other), refusal.members().get("peers"));
    destroy("base", true);

    assertEquals(List.of(), snapshots());
    assertEquals(Map.of(), pond.cursors.of(id));
  }

  @Test
  void thePeersWhoseBaseItIsNotAreNotAskedAndKeepTheirCursors() throws FailureException {
    snapshot("any");
    Snapshot base = snapshot("base");
    Snapshot newer = snapshot("newer");
    NodeId third = NodeId.random();
    pond.bases.arrived(pond.catalog.require(id), pond.other, base.guid());
    pond.bases.arrived(pond.catalog.require(id), third, newer.guid());

    destroy("any", false);
    assertEquals(Map.of(pond.other, base.guid(), third, newer.guid()), pond.cursors.of(id));
    FailureException refusal =
        assertFails(OwnershipFailure.BASE_NEEDED, () -> rollBack("base", true, false));

    assertEquals(Set.of(third), refusal.members().get("peers"));
    rollBack("base", true, true);
    assertEquals(Map.of(pond.other, base.guid()), pond.cursors.of(id));
  }

  @Test
  void aBaseThatOnlyABookmarkKeepsIsGivenUpOnAnExplicitWordOnly() throws FailureException {
    snapshot("old");
    Snapshot base = snapshot("base");
    pond.bases.arrived(pond.catalog.require(id), pond.other, base.guid());
    destroy("base", true);
    assertEquals(Map.of(pond.other, base.guid()), pond.cursors.of(id));

    FailureException refusal =
        assertFails(OwnershipFailure.BASE_NEEDED, () -> rollBack("old", false, false));

    assertEquals(Set.of(pond.other), refusal.members().get("peers"));
    assertEquals(1, pond.catalog.require(id).dataset().bookmarks().size());
    rollBack("old", false, true);
    assertEquals(List.of(), pond.catalog.require(id).dataset().bookmarks());
    assertEquals(Map.of(), pond.cursors.of(id));
  }

  @Test
  void aRefusalSaysWhyASnapshotIsHeldWhereZfsDoesNotTell() throws FailureException {
    Snapshot kept = snapshot("kept");
    UUID operation = UUID.randomUUID();
    pond.holds.hold(pond.catalog.require(id), kept, new Hold.Operation(operation));
    pond.storage.keepTagsSecret();

    FailureException refusal =
        assertFails(StorageFailure.SNAPSHOT_HELD, () -> destroy("kept", true));

    assertTrue(refusal.detail().contains("operation " + operation), refusal::detail);
    assertEquals(Set.of(new Hold.Operation(operation).tag()), refusal.members().get("holds"));
  }

  @Test
  void aBaseThatIsBookmarkedIsRememberedAsTheBase() throws FailureException {
    Snapshot base = snapshot("base");
    pushed(base);
    pond.storage.bookmark(dataset, "base", new BookmarkName(pond.other, base.guid()).toString());

    destroy("base", true);

    assertEquals(Map.of(pond.other, base.guid()), pond.cursors.of(id));
  }

  @Test
  void aSnapshotWithClonesStays() throws FailureException {
    snapshot("origin");
    clone("default.copy", "origin");

    assertFails(OwnershipFailure.HAS_CLONES, () -> destroy("origin", true));
    assertFails(OwnershipFailure.HAS_CLONES, () -> pond.volumes.destroy(id, Condition.NONE));
    assertTrue(pond.catalog.require(id).dataset().isMounted());
  }

  @Test
  void onlyTheOwnerTakesSnapshotsAway() throws FailureException {
    VolumeId copy = VolumeId.random();
    pond.add(copy, 0, pond.other, OwnershipState.OWNED, "default.copy");

    assertFails(
        OwnershipFailure.NOT_OWNER,
        () -> pond.history.destroySnapshot(copy, "any", true, Condition.NONE));
    assertFails(
        OwnershipFailure.NOT_OWNER,
        () -> pond.history.rollBack(copy, new Rollback("any", true, true), Condition.NONE));
  }

  @Test
  void aConditionThatFailsKeepsEverythingAsItIs() throws FailureException {
    snapshot("first");
    Condition never =
        _ -> {
          throw RequestFailure.PRECONDITION_FAILED.because("never");
        };

    assertFails(
        RequestFailure.PRECONDITION_FAILED,
        () -> pond.history.destroySnapshot(id, "first", true, never));
    assertFails(
        RequestFailure.PRECONDITION_FAILED,
        () -> pond.history.rollBack(id, new Rollback("first", true, true), never));
    assertFails(RequestFailure.PRECONDITION_FAILED, () -> pond.volumes.destroy(id, never));
    assertEquals(1, snapshots().size());
  }

  @Test
  void aRollbackToTheNewestSnapshotNeedsNoWord() throws FailureException {
    snapshot("newest");

    Volume rolled = rollBack("newest", false, false);

    assertTrue(rolled.dataset().isMounted());
    assertTrue(pond.storage.changes().contains("rollback " + dataset + "@newest"));
  }

  @Test
  void newerSnapshotsAreDestroyedOnAnExplicitWordOnly() throws FailureException {
    Snapshot old = snapshot("old");
    snapshot("newer");
    snapshot("newest");

    FailureException refusal =
        assertFails(OwnershipFailure.NEWER_SNAPSHOTS, () -> rollBack("old", false, true));
    assertEquals(List.of("newer", "newest"), refusal.members().get("snapshots"));
    Volume rolled = rollBack("old", true, false);

    assertEquals(List.of(old), rolled.dataset().snapshots());
  }

  @Test
  void aRollbackGivesUpTheBaseOfAPeerOnAnExplicitWordOnly() throws FailureException {
    snapshot("old");
    pushed(snapshot("base"));

    FailureException all =
        assertFails(OwnershipFailure.NEWER_SNAPSHOTS, () -> rollBack("old", false, false));
    assertEquals(Set.of(pond.other), all.members().get("peers"));
    FailureException refusal =
        assertFails(OwnershipFailure.BASE_NEEDED, () -> rollBack("old", true, false));
    String removal = "DELETE /v1/volumes/" + id + "?replica=true on node " + pond.other;
    assertTrue(refusal.detail().contains(removal), refusal::detail);
    assertTrue(pond.catalog.require(id).dataset().isMounted());
    rollBack("old", true, true);

    assertEquals(Map.of(), pond.cursors.of(id));
    assertEquals(1, snapshots().size());
  }

  @Test
  void whatIsInUseIsNotRolledBack() throws FailureException {
    snapshot("newest");
    pond.storage.setBusy(dataset, true);

    FailureException refusal =
        assertFails(OwnershipFailure.VOLUME_IN_USE, () -> rollBack("newest", false, false));

    assertEquals(List.of(Pond.HOLDER), refusal.members().get("holders"));
  }

  @Test
  void aVolumeThatWasNotMountedIsNotMountedByARollback() throws FailureException {
    snapshot("newest");
    pond.storage.unmount(dataset);

    assertFalse(rollBack("newest", false, false).dataset().isMounted());
  }

  @Test
  void aCloneIsAVolumeOfItsOwn() throws FailureException {
    pond.storage.setQuota(dataset, 1 << 20);
    Snapshot origin = snapshot("origin");

    Volume clone = clone("default.copy", "origin");

    assertEquals(Role.OWNER, clone.role());
    assertEquals(0, clone.epoch());
    assertFalse(clone.id().equals(id));
    assertTrue(clone.dataset().isMounted());
    String source = pond.catalog.require(id).dataset().name();
    assertEquals(Optional.of(source + "@" + origin.name()), clone.dataset().origin());
    assertEquals(1 << 20, clone.dataset().quotaBytes());
    assertFails(OwnershipFailure.VOLUME_EXISTS, () -> clone("default.copy", "origin"));
  }

  @Test
  void aCloneOfNoSnapshotInParticularIsOneOfNow() throws FailureException {
    Volume clone =
        pond.volumes.cloneOf(
            id,
            Optional.empty(),
            VolumeName.parse("default.copy"),
            Optional.empty(),
            OptionalLong.empty(),
            Condition.NONE);

    assertEquals(
        Optional.of(dataset + "@" + snapshots().getFirst().name()), clone.dataset().origin());
  }

  @Test
  void aReplicaIsClonedAtItsLatestSnapshot() throws FailureException {
    VolumeId copy = VolumeId.random();
    String replica = pond.add(copy, 3, pond.other, OwnershipState.OWNED, "default.other");
    pond.storage.snapshot(replica, "latest");

    Volume clone =
        pond.volumes.cloneOf(
            copy,
            Optional.empty(),
            VolumeName.parse("default.restored"),
            Optional.empty(),
            OptionalLong.of(0),
            Condition.NONE);

    assertEquals(Optional.of(replica + "@latest"), clone.dataset().origin());
    assertEquals(Role.OWNER, clone.role());
    assertEquals(1, pond.catalog.require(copy).dataset().snapshots().size());
  }

  @Test
  void aQuotaBelowWhatIsThereIsRefused() throws FailureException {
    pond.storage.setReferenced(dataset, 5_000);

    FailureException refusal =
        assertFails(OwnershipFailure.QUOTA_TOO_SMALL, () -> change(OptionalLong.of(4_999)));

    assertEquals(5_000L, refusal.members().get("referencedBytes"));
    assertEquals(5_000, change(OptionalLong.of(5_000)).dataset().quotaBytes());
    assertEquals(0, change(OptionalLong.of(0)).dataset().quotaBytes());
  }

  @Test
  void aDestroyedVolumeDoesNotComeBack() throws FailureException {
    pond.register.describe(id, Map.of("a", "b"));
    pond.volumes.destroy(id, Condition.NONE);

    assertEquals(Map.of(), pond.register.metadata(id));
    assertFails(
        OwnershipFailure.VOLUME_DESTROYED, () -> pond.volumes.create(NAME, Optional.of(id), 0));
    assertFails(OwnershipFailure.VOLUME_DESTROYED, () -> pond.replicas.admit(claim(0)));
    assertTrue(pond.replicas.admit(claim(1)).present().isEmpty());
    pond.volumes.create(NAME, Optional.empty(), 0);
  }

  private Claim claim(long epoch) {
    return new Claim(id, NAME, pond.other, epoch, UUID.randomUUID(), GrantChain.EMPTY);
  }

  private void pushed(Snapshot base) throws FailureException {
    pond.storage.hold(dataset, base.name(), new Hold.Peer(pond.other).tag());
    var _ = pond.cursors.move(id, pond.other, base.guid());
  }

  private Snapshot snapshot(String name) throws FailureException {
    return pond.volumes.snapshot(id, name, Condition.NONE);
  }

  private List<Snapshot> snapshots() throws FailureException {
    return pond.catalog.require(id).dataset().snapshots();
  }

  private void destroy(String name, boolean isForced) throws FailureException {
    pond.history.destroySnapshot(id, name, isForced, Condition.NONE);
  }

  private Volume rollBack(String name, boolean isNewerLost, boolean isForced)
      throws FailureException {
    return pond.history.rollBack(id, new Rollback(name, isNewerLost, isForced), Condition.NONE);
  }

  private Volume clone(String name, String snapshot) throws FailureException {
    return pond.volumes.cloneOf(
        id,
        Optional.of(snapshot),
        VolumeName.parse(name),
        Optional.empty(),
        OptionalLong.empty(),
        Condition.NONE);
  }

  private Volume change(OptionalLong quota) throws FailureException {
    return pond.volumes.change(id, new VolumeChange(quota, Optional.empty()), Condition.NONE);
  }
}
