package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolWatchTest {
  private static final VolumeId OWN = VolumeId.random();

  private Pond pond;
  private PoolWatch watch;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException, FailureException {
    pond = new Pond(folder);
    pond.add(OWN, 0, pond.self, OwnershipState.OWNED, "default.a");
    watch = new PoolWatch("tank", pond.claim, pond.volumes, pond.mounter, pond.storage::mounts);
  }

  @Test
  void whatThisNodeOwnsIsMountedAtTheStart() throws Exception {
    watch.look();
    assertTrue(isMounted());
  }

  @Test
  void aPoolThatComesBackIsMountedAgain() throws Exception {
    watch.look();
    watch.look();
    pond.storage.export();
    watch.look();
    pond.storage.importAgain();
    assertFalse(isMounted());
    watch.look();
    assertTrue(isMounted());
  }

  @Test
  void aPoolThatWentAndCameBetweenTwoLooksIsMountedAgain() throws Exception {
    watch.look();
    watch.look();
    pond.storage.export();
    pond.storage.importAgain();
    watch.look();
    assertTrue(isMounted());
  }

  @Test
  void whatWasMountedSinceTheLastLookIsMountedAgain() throws Exception {
    pond.volumes.destroy(OWN, Condition.NONE);
    watch.look();
    VolumeId fresh = create("default.fresh");
    pond.storage.export();
    pond.storage.importAgain();
    watch.look();
    assertTrue(pond.catalog.require(fresh).dataset().isMounted());
  }

  @Test
  void oneOfSeveralThatLostItsMountIsMountedAgain() throws Exception {
    watch.look();
    pond.storage.export();
    pond.storage.importAgain();
    VolumeId fresh = create("default.fresh");
    watch.look();
    assertTrue(isMounted());
    assertTrue(pond.catalog.require(fresh).dataset().isMounted());
  }

  @Test
  void whatIsUnmountedByWhoWorksOnItIsLeft() throws Exception {
    watch.look();
    try (VolumeLocks.Lease _ = pond.locks.own(OWN, "handoff")) {
      pond.storage.unmount(pond.catalog.require(OWN).dataset().name());
      int before = pond.storage.listings();
      watch.look();
      assertEquals(before, pond.storage.listings());
      assertFalse(isMounted());
    }
    watch.look();
    assertTrue(isMounted());
  }

  @Test
  void theStartListsThePoolOnce() throws Exception {
    int before = pond.storage.listings();
    watch.look();
    assertEquals(OWN, pond.catalog.known().getFirst().id());
    assertEquals(before + 1, pond.storage.listings());
  }

  @Test
  void aQuietPoolIsNotAsked() throws Exception {
    watch.look();
    watch.look();
    int before = pond.storage.listings();
    watch.look();
    assertEquals(before, pond.storage.listings());
  }

  @Test
  void aPoolThatIsAwayIsNoPoolWithoutVolumes() {
    pond.storage.export();
    Failing.assertFails(StorageFailure.POOL_UNAVAILABLE, () -> pond.catalog.require(OWN));
    Failing.assertFails(StorageFailure.POOL_UNAVAILABLE, pond.catalog::list);
  }

  private VolumeId create(String name) throws FailureException {
    return pond.volumes.create(VolumeName.parse(name), Optional.empty(), 0).id();
  }

  private boolean isMounted() throws FailureException {
    return pond.catalog.require(OWN).dataset().isMounted();
  }
}
