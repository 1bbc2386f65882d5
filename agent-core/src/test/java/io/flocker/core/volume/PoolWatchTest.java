package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.MountStatus.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    watch = new PoolWatch(pond.claim, pond.node, pond.storage::mounts);
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
  void whatWasRenamedByHandIsMountedOnceItIsRenamedBack() throws Exception {
    watch.look();
    moveAway();
    watch.look();
    assertEquals(1, pond.catalog.strays().size());

    pond.storage.rename("tank/strange", dataset());
    watch.look();

    assertTrue(pond.storage.dataset(dataset()).orElseThrow().isMounted());
    assertEquals(new MountStatus(State.MOUNTED, Optional.empty()), status());
    int before = pond.storage.listings();
    watch.look();
    assertEquals(before, pond.storage.listings());
  }

  @Test
  void whatIsRenamedBackInAPoolThatComesBackIsMounted() throws Exception {
    watch.look();
    moveAway();
    watch.look();
    pond.storage.export();
    watch.look();
    pond.storage.importAgain();
    pond.storage.rename("tank/strange", dataset());

    watch.look();

    assertTrue(pond.storage.dataset(dataset()).orElseThrow().isMounted());
  }

  private void moveAway() throws FailureException {
    pond.storage.unmount(dataset());
    pond.storage.rename(dataset(), "tank/strange");
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
  void whatSomebodyMadeReadonlyIsMadeWritableAgain() throws Exception {
    watch.look();
    makeReadonly();
    watch.look();
    assertEquals(Set.of(), pond.storage.mounts().readonly());
    assertEquals(new MountStatus(State.MOUNTED, Optional.empty()), status());
    assertEquals(Map.of(), pond.mounter.unwritable());
  }

  @Test
  void whatStaysReadonlySaysWhyAndIsNoUnmountedVolume() throws Exception {
    watch.look();
    makeReadonly();
    pond.storage.failNextMount(StorageFailure.ZFS_FAILED.because("no"));
    watch.look();
    String reason = status().reason().orElse("");
    assertEquals(State.MOUNTED, status().state());
    assertTrue(reason.contains("mounted read-only") && reason.endsWith(": no"), reason);
    assertEquals(Map.of(OWN, reason), pond.mounter.unwritable());
    assertEquals(Map.of(), pond.mounter.failed());

    pond.storage.setReadonly(dataset(), false);
    watch.look();
    assertEquals(Map.of(), pond.mounter.unwritable());
    assertEquals(Map.of(), pond.mounter.failed(), "it is mounted, and was all the time");
  }

  @Test
  void whatSomebodyElseMayOwnIsLeftReadonly() throws Exception {
    watch.look();
    makeReadonly();
    pond.objection = Optional.of("node x does not say");
    watch.look();
    assertEquals(Set.of(dataset()), pond.storage.mounts().readonly());
    String reason = status().reason().orElse("");
    assertTrue(reason.endsWith(": node x does not say"), reason);
    assertEquals(Map.of(OWN, reason), pond.mounter.unwritable());
  }

  @Test
  void aCopyThatIsMountedReadonlyIsAsItShouldBe() throws Exception {
    String copy = pond.add(VolumeId.random(), 1, pond.other, OwnershipState.OWNED, "default.copy");
    pond.storage.mountReadonly(copy);
    watch.look();
    assertEquals(Set.of(copy), pond.storage.mounts().readonly());
    assertEquals(Map.of(), pond.mounter.unwritable());
  }

  @Test
  void whatAnOperationMadeReadonlyIsLeftAndNotTold() throws Exception {
    watch.look();
    try (VolumeLocks.Lease _ = pond.locks.own(OWN, "handoff")) {
      makeReadonly();
      watch.look();
      assertEquals(Set.of(dataset()), pond.storage.mounts().readonly());
      assertEquals(Map.of(), pond.mounter.unwritable());
    }
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

  private void makeReadonly() throws FailureException {
    pond.storage.setReadonly(dataset(), true);
  }

  private MountStatus status() throws FailureException {
    return pond.mounter.status(pond.catalog.require(OWN));
  }

  private String dataset() {
    return Pond.dataset(pond.self, "default.a");
  }

  private boolean isMounted() throws FailureException {
    return pond.catalog.require(OWN).dataset().isMounted();
  }
}
