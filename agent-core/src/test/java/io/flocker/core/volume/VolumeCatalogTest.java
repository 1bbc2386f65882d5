package io.flocker.core.volume;

import static io.flocker.core.volume.Failing.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.ownership.OwnershipEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeCatalogTest {
  private static final VolumeId LINEAGE = VolumeId.random();

  private Pond pond;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    pond = new Pond(folder);
  }

  @Test
  @DisplayName("14 an empty pool has no volumes")
  void anEmptyPoolHasNoVolumes() throws FailureException {
    assertEquals(List.of(), pond.catalog.list());
  }

  @Test
  @DisplayName("14 all volumes are listed, one whose id has a period intact")
  void allVolumesAreListed() throws FailureException {
    pond.storage.add(Pond.dataset(pond.self, "default.a"));
    pond.storage.add(Pond.dataset(pond.other, "default.b.c"));
    assertEquals(
        List.of(VolumeName.parse("default.a"), new VolumeName("default", "b.c")),
        pond.catalog.list().stream().map(Volume::name).toList());
  }

  @Test
  @DisplayName("15, 37 datasets that are not named as ours are left alone")
  void datasetsThatAreNotNamedAsOursAreLeftAlone() throws FailureException {
    for (String name : List.of("tank/backup", "tank/not-a-uuid.default.a", "tank/with a space")) {
      pond.storage.add(name);
    }
    pond.storage.add("tank/" + pond.self + ".noperiod");
    assertEquals(List.of(), pond.catalog.list());
    assertEquals(List.of(), pond.storage.changes());
  }

  @Test
  void aRecordThatCannotBeReadIsNeverWrittenOver() throws FailureException {
    String dataset = Pond.dataset(pond.self, "default.a");
    pond.storage.add(dataset);
    pond.storage.setRecordUnreadable(dataset);
    assertEquals(List.of(Role.CONTESTED), pond.catalog.list().stream().map(Volume::role).toList());
    assertEquals(List.of(), pond.storage.changes());
  }

  @Test
  void aDatasetOfOursWithoutARecordIsAdopted() throws FailureException {
    pond.storage.add(Pond.dataset(pond.self, "default.a"));
    Volume adopted = pond.catalog.list().getFirst();
    assertEquals(Role.OWNER, adopted.role());
    assertEquals(0, adopted.epoch());
    OwnershipRecord record = adopted.dataset().record().orElseThrow();
    assertEquals(pond.self, record.node());
    assertEquals(adopted.id(), record.lineage());
    assertEquals(adopted.dataset().guid(), record.dataset());
    assertEquals(adopted.id(), pond.catalog.list().getFirst().id(), "adopted once");
  }

  @Test
  void aDatasetOfAnotherWithoutARecordIsAReplicaWhoseIdStays() throws FailureException {
    pond.storage.add(Pond.dataset(pond.other, "default.a"));
    pond.storage.add(Pond.dataset(pond.other, "default.b"));
    List<Volume> volumes = pond.catalog.list();
    assertEquals(Role.REPLICA, volumes.getFirst().role());
    assertEquals(pond.other, volumes.getFirst().owner());
    assertEquals(
        volumes.getFirst().id(), pond.catalog.list().getFirst().id(), "the same each time");
    assertNotEquals(volumes.getFirst().id(), volumes.getLast().id());
    assertEquals(List.of(), pond.storage.changes());
  }

  @Test
  void theRecordWinsOverTheName() throws FailureException {
    String name = Pond.dataset(pond.other, "default.a");
    pond.storage.add(name);
    pond.record(name, LINEAGE, 3, pond.self, OwnershipState.OWNED);
    Volume volume = pond.catalog.require(LINEAGE);
    assertEquals(Role.OWNER, volume.role());
    assertEquals(pond.self, volume.owner());
    assertEquals(3, volume.epoch());
  }

  @Test
  void theStateOfTheRecordIsTheRole() throws FailureException {
    pond.add(LINEAGE, 1, pond.other, OwnershipState.OWNED, "default.a");
    VolumeId released = VolumeId.random();
    pond.add(released, 1, pond.other, OwnershipState.RELEASED, "default.b");
    VolumeId contested = VolumeId.random();
    pond.add(contested, 1, pond.self, OwnershipState.CONTESTED, "default.c");
    assertEquals(Role.REPLICA, pond.catalog.require(LINEAGE).role());
    assertEquals(Role.RELEASED, pond.catalog.require(released).role());
    assertEquals(Role.CONTESTED, pond.catalog.require(contested).role());
  }

  @Test
  void aLineageThatIsThereTwiceIsContested() throws FailureException {
    pond.add(LINEAGE, 1, pond.self, OwnershipState.OWNED, "default.a");
    pond.add(LINEAGE, 1, pond.other, OwnershipState.OWNED, "default.a");
    assertTrue(pond.catalog.list().stream().allMatch(copy -> copy.role() == Role.CONTESTED));
    assertFails(OwnershipFailure.CONTESTED, () -> pond.catalog.requireOwned(LINEAGE));
  }

  @Test
  void anOwnerWhomAnotherFollowedIsNoOwnerAnyMore() throws FailureException {
    pond.add(LINEAGE, 4, pond.self, OwnershipState.OWNED, "default.a");
    pond.epochs.observe(LINEAGE, 5);
    assertEquals(Role.CONTESTED, pond.catalog.require(LINEAGE).role());
  }

  @Test
  void aRecordOfALowerEpochIsNotWritten() throws FailureException {
    pond.add(LINEAGE, 4, pond.other, OwnershipState.OWNED, "default.a");
    Dataset copy = pond.catalog.require(LINEAGE).dataset();
    OwnershipRecord before = copy.record().orElseThrow();
    assertFails(
        OwnershipFailure.STALE_EPOCH,
        () ->
            pond.catalog
                .records()
                .apply(
                    copy,
                    new OwnershipEvent.Received(
                        LINEAGE,
                        pond.other,
                        3,
                        0,
                        UUID.randomUUID(),
                        copy.guid(),
                        Optional.empty())));
    assertEquals(before, pond.catalog.require(LINEAGE).dataset().record().orElseThrow());
  }

  @Test
  @DisplayName("26 a name that two nodes use is two volumes; the own one is found by it")
  void aNameThatTwoNodesUseIsTwoVolumes() throws FailureException {
    VolumeName name = VolumeName.parse("default.a");
    pond.add(LINEAGE, 0, pond.other, OwnershipState.OWNED, "default.a");
    assertEquals(LINEAGE, pond.catalog.find(name).orElseThrow().id());
    VolumeId own = VolumeId.random();
    pond.add(own, 0, pond.self, OwnershipState.OWNED, "default.a");
    assertEquals(2, pond.catalog.list().size());
    assertEquals(own, pond.catalog.find(name).orElseThrow().id());
    assertEquals(LINEAGE, pond.catalog.find(pond.other, name).orElseThrow().id());
  }

  @Test
  void oneVolumeIsReadWithoutTheOthers() throws FailureException {
    pond.add(LINEAGE, 0, pond.self, OwnershipState.OWNED, "default.a");
    pond.add(VolumeId.random(), 0, pond.self, OwnershipState.OWNED, "default.b");
    pond.catalog.lookAround();
    int before = pond.storage.listings();
    assertEquals(LINEAGE, pond.catalog.require(LINEAGE).id());
    assertEquals(LINEAGE, pond.catalog.find(VolumeName.parse("default.a")).orElseThrow().id());
    assertEquals(2, pond.catalog.known().size());
    assertEquals(before, pond.storage.listings());
  }

  @Test
  void whatTheNodeMakesAndDestroysIsKnownWithoutAListing() throws FailureException {
    Volume made = pond.volumes.create(VolumeName.parse("default.a"), Optional.empty(), 0);
    int before = pond.storage.listings();
    assertEquals(made, pond.catalog.require(made.id()));
    assertEquals(List.of(made.id()), pond.catalog.known().stream().map(VolumeHead::id).toList());
    pond.storage.unmount(made.dataset().name());
    pond.catalog.destroy(made);
    assertEquals(List.of(), pond.catalog.known());
    assertEquals(before, pond.storage.listings());
    assertEquals(Optional.empty(), pond.catalog.find(made.id()));
  }

  @Test
  void whatWasRenamedByHandIsFoundAgain() throws FailureException {
    String before = pond.add(LINEAGE, 0, pond.self, OwnershipState.OWNED, "default.a");
    pond.catalog.lookAround();
    String after = Pond.dataset(pond.self, "default.b");
    pond.storage.rename(before, after);
    assertEquals(after, pond.catalog.require(LINEAGE).dataset().name());
    assertEquals(Optional.empty(), pond.catalog.find(VolumeName.parse("default.a")));
    assertEquals(LINEAGE, pond.catalog.find(VolumeName.parse("default.b")).orElseThrow().id());
  }

  @Test
  void whatWasRenamedToNoVolumesNameIsToldOfWithTheWayBack() throws FailureException {
    String before = pond.add(LINEAGE, 0, pond.self, OwnershipState.OWNED, "default.a");
    pond.catalog.lookAround();
    pond.storage.rename(before, "tank/other.name");

    pond.catalog.lookAround();
    StrayDataset stray = pond.catalog.strays().getFirst();
    assertEquals(LINEAGE, stray.volume());
    assertTrue(stray.words().endsWith(": zfs rename tank/other.name " + before), stray.words());
    assertEquals(List.of(), pond.catalog.list());
    assertEquals(List.of(stray), pond.catalog.strays(), "its name is still known later");

    pond.storage.rename("tank/other.name", before);
    pond.catalog.lookAround();
    assertEquals(List.of(), pond.catalog.strays());
    assertEquals(LINEAGE, pond.catalog.require(LINEAGE).id());
  }

  @Test
  void whatWasRenamedWhileNoDaemonRanIsToldOfByItsOwner() throws FailureException {
    String before = pond.add(LINEAGE, 0, pond.self, OwnershipState.OWNED, "default.a");
    pond.storage.rename(before, "tank/other.name");
    pond.storage.add("tank/backup");

    List<StrayDataset> strays = pond.catalog.strays();

    assertEquals(1, strays.size(), "what bears no record is nobody's business");
    assertTrue(
        strays
            .getFirst()
            .words()
            .contains("zfs rename tank/other.name tank/" + pond.self + ".NAMESPACE.ID"));
    int listings = pond.storage.listings();
    assertEquals(strays, pond.catalog.strays());
    assertEquals(listings, pond.storage.listings(), "asking again asks the pool for nothing");
  }

  @Test
  void whatWasMadeByHandIsFoundByAskingForIt() throws FailureException {
    pond.catalog.lookAround();
    pond.add(LINEAGE, 0, pond.other, OwnershipState.OWNED, "default.a");
    assertEquals(Role.REPLICA, pond.catalog.require(LINEAGE).role());
  }

  @Test
  void whatWasDestroyedByHandIsGone() throws FailureException {
    String name = pond.add(LINEAGE, 0, pond.self, OwnershipState.OWNED, "default.a");
    pond.catalog.lookAround();
    pond.storage.destroy(name);
    assertFails(OwnershipFailure.VOLUME_NOT_FOUND, () -> pond.catalog.require(LINEAGE));
  }

  @Test
  void aDatasetThatBecameAnotherVolumeIsNotTakenForTheOneThatItWas() throws FailureException {
    String name = pond.add(LINEAGE, 0, pond.self, OwnershipState.OWNED, "default.a");
    pond.catalog.lookAround();
    VolumeId other = VolumeId.random();
    pond.record(name, other, 0, pond.self, OwnershipState.OWNED);
    assertEquals(Optional.empty(), pond.catalog.find(LINEAGE));
    assertEquals(other, pond.catalog.find(VolumeName.parse("default.a")).orElseThrow().id());
  }

  @Test
  void aRecordThatMayHaveBeenWrittenIsLookedUp() throws FailureException {
    pond.add(LINEAGE, 0, pond.self, OwnershipState.OWNED, "default.a");
    Dataset owned = pond.catalog.require(LINEAGE).dataset();
    OwnershipEvent release =
        new OwnershipEvent.Released(pond.other, UUID.randomUUID(), owned.guid());
    pond.storage.failNextRecord(StorageFailure.ZFS_TIMEOUT.because("it hangs"), false);
    assertFails(StorageFailure.ZFS_TIMEOUT, () -> pond.catalog.records().apply(owned, release));
    assertEquals(List.of(Role.OWNER), pond.catalog.known().stream().map(VolumeHead::role).toList());
    pond.storage.failNextRecord(StorageFailure.ZFS_TIMEOUT.because("it hangs"), true);
    assertEquals(1, pond.catalog.records().apply(owned, release).orElseThrow().epoch());
    assertEquals(
        List.of(Role.RELEASED), pond.catalog.known().stream().map(VolumeHead::role).toList());
  }

  @Test
  @DisplayName("17 what another node owns is refused with its name")
  void whatAnotherNodeOwnsIsRefusedWithItsName() throws FailureException {
    pond.add(LINEAGE, 0, pond.other, OwnershipState.OWNED, "default.a");
    FailureException refusal =
        assertFails(OwnershipFailure.NOT_OWNER, () -> pond.catalog.requireOwned(LINEAGE));
    assertEquals(pond.other, refusal.members().get("owner"));
    assertFails(OwnershipFailure.VOLUME_NOT_FOUND, () -> pond.catalog.require(VolumeId.random()));
  }

  @Test
  @DisplayName("22 volumes are equal if all that is known of them is")
  void volumesAreEqualIfAllThatIsKnownOfThemIs() throws FailureException {
    pond.add(LINEAGE, 0, NodeId.random(), OwnershipState.OWNED, "default.a");
    assertEquals(pond.catalog.list(), pond.catalog.list());
  }
}
