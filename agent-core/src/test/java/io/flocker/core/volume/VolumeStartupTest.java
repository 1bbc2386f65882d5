package io.flocker.core.volume;

import static io.flocker.core.volume.Failing.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeStartupTest {
  private Pond pond;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    pond = new Pond(folder);
  }

  @Test
  void aPoolIsMarkedOnce() throws FailureException {
    pond.startup.claimPool();
    pond.startup.claimPool();
    assertEquals(List.of("mark " + pond.self), pond.storage.changes());
  }

  @Test
  @DisplayName("42 a pool that refuses its guard is served all the same")
  void aPoolThatRefusesItsGuardIsServed() throws FailureException {
    VolumeId own = VolumeId.random();
    pond.add(own, 1, pond.self, OwnershipState.OWNED, "default.own");
    pond.storage.refuseGuard();
    pond.startup.guardPool();
    assertEquals(
        List.of(own), pond.startup.mountOwned(_ -> true).stream().map(Volume::id).toList());
  }

  @Test
  void anotherNodesPoolIsRefused() {
    pond.storage.markPool(pond.other);
    FailureException refusal = assertFails(OwnershipFailure.FOREIGN_POOL, pond.startup::claimPool);
    assertEquals(pond.other, refusal.members().get("owner"));
    assertEquals(Optional.of(pond.other), pond.storage.pool().node());
  }

  @Test
  void onlyWhatThisNodeOwnsIsMounted() throws FailureException {
    VolumeId own = VolumeId.random();
    pond.add(own, 1, pond.self, OwnershipState.OWNED, "default.own");
    pond.add(VolumeId.random(), 1, pond.other, OwnershipState.OWNED, "default.replica");
    pond.add(VolumeId.random(), 1, pond.self, OwnershipState.CONTESTED, "default.contested");
    pond.add(VolumeId.random(), 1, pond.self, OwnershipState.RELEASED, "default.released");
    assertEquals(
        List.of(own), pond.startup.mountOwned(_ -> true).stream().map(Volume::id).toList());
    for (Volume volume : pond.catalog.list()) {
      assertEquals(volume.id().equals(own), volume.dataset().isMounted(), volume::toString);
    }
  }

  @Test
  void whatAnotherNodeTookOverMeanwhileIsNotMounted() throws FailureException {
    VolumeId lineage = VolumeId.random();
    pond.add(lineage, 1, pond.self, OwnershipState.OWNED, "default.a");
    pond.epochs.observe(lineage, 2);
    assertEquals(List.of(), pond.startup.mountOwned(_ -> true));
    assertFalse(pond.catalog.require(lineage).dataset().isMounted());
  }

  @Test
  void oneThatCannotBeMountedDoesNotStopTheOthers() throws FailureException {
    pond.add(VolumeId.random(), 0, pond.self, OwnershipState.OWNED, "default.a");
    VolumeId second = VolumeId.random();
    pond.add(second, 0, pond.self, OwnershipState.OWNED, "default.b");
    pond.storage.failNextMount(StorageFailure.ZFS_FAILED.because("no"));
    assertEquals(
        List.of(second), pond.startup.mountOwned(_ -> true).stream().map(Volume::id).toList());
  }

  @Test
  void twoVolumesOfOneNameAreNotMountedOverEachOther() throws FailureException {
    VolumeId first = VolumeId.random();
    pond.add(first, 0, pond.self, OwnershipState.OWNED, "default.a");
    String left = Pond.dataset(pond.other, "default.a");
    pond.storage.add(left);
    pond.record(left, VolumeId.random(), 1, pond.self, OwnershipState.OWNED);
    assertEquals(
        List.of(first), pond.startup.mountOwned(_ -> true).stream().map(Volume::id).toList());
  }
}
