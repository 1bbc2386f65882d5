package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.volume.MountStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class VolumeMounterTest {
  private static final int MANY = 40;
  private static final VolumeId OWN = VolumeId.random();

  private Pond pond;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    pond = new Pond(folder);
  }

  @Test
  void onlyWhatThisNodeOwnsIsMounted() throws Exception {
    pond.add(OWN, 1, pond.self, OwnershipState.OWNED, "default.own");
    pond.add(VolumeId.random(), 1, pond.other, OwnershipState.OWNED, "default.replica");
    pond.add(VolumeId.random(), 1, pond.self, OwnershipState.CONTESTED, "default.contested");
    pond.add(VolumeId.random(), 1, pond.self, OwnershipState.RELEASED, "default.released");
    pond.mounter.wantAll();
    assertFalse(pond.mounter.mountWanted());
    for (Volume volume : pond.catalog.list()) {
      assertEquals(
          volume.id().equals(OWN) ? State.MOUNTED : State.UNMOUNTED,
          pond.mounter.status(volume).state(),
          volume::toString);
    }
  }

  @Test
  void manyAreMountedBeforeItReturns() throws Exception {
    for (int i = 0; i < MANY; i++) {
      pond.add(VolumeId.random(), 0, pond.self, OwnershipState.OWNED, "default.v" + i);
    }
    assertEquals(State.MOUNTING, status(pond.catalog.list().getFirst().id()));
    pond.mounter.wantAll();
    assertFalse(pond.mounter.mountWanted());
    assertTrue(pond.catalog.list().stream().allMatch(volume -> volume.dataset().isMounted()));
  }

  @Test
  void whatAnotherNodeTookOverMeanwhileIsNotMounted() throws Exception {
    pond.add(OWN, 1, pond.self, OwnershipState.OWNED, "default.a");
    pond.epochs.observe(OWN, 2);
    pond.mounter.wantAll();
    assertFalse(pond.mounter.mountWanted());
    assertEquals(State.UNMOUNTED, status(OWN));
  }

  @Test
  void whatAPeerObjectsToWaitsAndSaysWhy() throws Exception {
    pond.add(OWN, 1, pond.self, OwnershipState.OWNED, "default.a");
    pond.objection = Optional.of("node x does not say");
    pond.mounter.wantAll();
    assertTrue(pond.mounter.mountWanted());
    MountStatus waits = pond.mounter.status(pond.catalog.require(OWN));
    assertEquals(State.UNCONFIRMED, waits.state());
    assertEquals(pond.objection, waits.reason());
    assertEquals(Map.of(OWN, "node x does not say"), pond.mounter.unconfirmed());
    assertEquals(Map.of(), pond.mounter.failed());
  }

  @Test
  void whatAPeerProvesToBeAnothersIsGivenUp() throws Exception {
    pond.add(OWN, 1, pond.self, OwnershipState.OWNED, "default.a");
    VolumeMounter mounter =
        new VolumeMounter(
            pond.storage,
            pond.catalog,
            pond.home,
            pond.locks,
            volume -> {
              observe(volume.id());
              return Optional.of("epoch 2 is known");
            },
            new BareFolders(pond.folders),
            pond.node.fencing());
    mounter.wantAll();
    assertFalse(mounter.mountWanted());
    assertEquals(Role.CONTESTED, pond.catalog.require(OWN).role());
  }

  @Test
  void whatNobodyForesawIsToldAndTriedAgain() throws Exception {
    pond.add(OWN, 1, pond.self, OwnershipState.OWNED, "default.a");
    VolumeMounter mounter =
        new VolumeMounter(
            pond.storage,
            pond.catalog,
            pond.home,
            pond.locks,
            _ -> {
              throw new IllegalStateException("unforeseen");
            },
            new BareFolders(pond.folders),
            pond.node.fencing());
    mounter.wantAll();
    assertTrue(mounter.mountWanted());
    assertEquals(State.FAILED, mounter.status(pond.catalog.require(OWN)).state());
    assertTrue(mounter.failed().containsKey(OWN));
  }

  @Test
  void oneThatCannotBeMountedSaysWhyAndDoesNotStopTheOthers() throws Exception {
    pond.add(VolumeId.random(), 0, pond.self, OwnershipState.OWNED, "default.a");
    pond.add(VolumeId.random(), 0, pond.self, OwnershipState.OWNED, "default.b");
    pond.storage.failNextMount(StorageFailure.ZFS_FAILED.because("directory is not empty"));
    pond.mounter.wantAll();
    assertTrue(pond.mounter.mountWanted());
    assertEquals(
        1, pond.catalog.list().stream().filter(volume -> volume.dataset().isMounted()).count());
    Volume failed =
        pond.catalog.list().stream()
            .filter(volume -> !volume.dataset().isMounted())
            .findFirst()
            .orElseThrow();
    assertEquals(
        new MountStatus(State.FAILED, Optional.of("directory is not empty")),
        pond.mounter.status(failed));
  }

  @Test
  void nothingIsMountedOverWhatSomebodyKeepsThere() throws Exception {
    pond.add(OWN, 0, pond.self, OwnershipState.OWNED, "default.a");
    Path mountpoint = pond.home.mountpoint(VolumeName.parse("default.a"));
    Files.createDirectories(mountpoint);
    Files.writeString(mountpoint.resolve("log"), "somebody's");

    pond.mounter.wantAll();

    assertTrue(pond.mounter.mountWanted());
    assertEquals(State.FAILED, status(OWN));
    String reason = pond.mounter.status(pond.catalog.require(OWN)).reason().orElse("");
    assertTrue(reason.contains("is not empty, it holds log"), reason);
  }

  @Test
  void twoVolumesOfOneNameAreNotMountedOverEachOther() throws Exception {
    pond.add(OWN, 0, pond.self, OwnershipState.OWNED, "default.a");
    String left = Pond.dataset(pond.other, "default.a");
    pond.storage.add(left);
    VolumeId second = VolumeId.random();
    pond.record(left, second, 1, pond.self, OwnershipState.OWNED);
    pond.mounter.wantAll();
    assertTrue(pond.mounter.mountWanted());
    assertEquals(State.MOUNTED, status(OWN));
    assertEquals(State.FAILED, status(second));
  }

  @Test
  void aVolumeThatSomebodyWorksOnIsMountedAfterwards() throws Exception {
    pond.add(OWN, 0, pond.self, OwnershipState.OWNED, "default.a");
    pond.mounter.wantAll();
    try (VolumeLocks.Lease _ = pond.locks.own(OWN, "handoff")) {
      assertTrue(pond.mounter.mountWanted());
      assertEquals(State.MOUNTING, status(OWN));
    }
    assertFalse(pond.mounter.mountWanted());
    assertEquals(State.MOUNTED, status(OWN));
  }

  @Test
  void noFolderIsLeftToWriteIntoAndWhatIsWrittenAllTheSameIsMovedAside() throws Exception {
    Volume volume = pond.volumes.create(VolumeName.parse("default.a"), Optional.empty(), 0);
    Path mountpoint = volume.dataset().mountpoint().orElseThrow();
    pond.mounter.unmount(volume, mountpoint);
    assertFalse(Files.exists(mountpoint));
    Files.createDirectories(mountpoint);
    Files.writeString(mountpoint.resolve("log"), "t");

    pond.mounter.mountAgain(volume, mountpoint);

    assertEquals(State.MOUNTED, status(volume.id()));
    assertFalse(Files.exists(mountpoint.resolve("log")));
    Path stray = stray();
    assertEquals("t", Files.readString(stray.resolve("log")));
    assertTrue(reason(volume.id()).endsWith(stray.toString()), reason(volume.id()));
    Files.delete(stray.resolve("log"));
    Files.delete(stray);
    assertEquals("", reason(volume.id()));
  }

  @Test
  void whatWasThereBeforeTheUnmountIsNotTouched() throws Exception {
    Volume volume = pond.volumes.create(VolumeName.parse("default.a"), Optional.empty(), 0);
    Path mountpoint = volume.dataset().mountpoint().orElseThrow();
    hide(mountpoint.resolve("hidden"));
    pond.mounter.unmount(volume, mountpoint);
    Files.writeString(mountpoint.resolve("log"), "t");

    assertOccupied(volume, mountpoint);

    assertTrue(Files.exists(mountpoint.resolve("hidden")));
    assertTrue(Files.exists(mountpoint.resolve("log")));
  }

  @Test
  void whatIsMountedByAnybodyIsNoLongerAnOperationsFolder() throws Exception {
    Volume volume = pond.volumes.create(VolumeName.parse("default.a"), Optional.empty(), 0);
    String dataset = volume.dataset().name();
    Path mountpoint = volume.dataset().mountpoint().orElseThrow();
    pond.mounter.unmount(volume, mountpoint);
    pond.storage.mountWritable(dataset, mountpoint);
    assertFalse(pond.mounter.wantMissing(Set.of(dataset)));
    pond.storage.unmount(dataset);
    Files.writeString(mountpoint.resolve("kept"), "somebody's");

    assertOccupied(volume, mountpoint);

    assertTrue(Files.exists(mountpoint.resolve("kept")));
  }

  @Test
  void whatAnOperationCannotMountAgainIsMountedLater() throws Exception {
    Volume volume = pond.volumes.create(VolumeName.parse("default.a"), Optional.empty(), 0);
    Path mountpoint = volume.dataset().mountpoint().orElseThrow();
    try (VolumeLocks.Lease _ = pond.locks.own(volume.id(), "rollback")) {
      pond.mounter.unmount(volume, mountpoint);
      pond.storage.failNextMount(StorageFailure.ZFS_FAILED.because("no"));
      assertThrows(FailureException.class, () -> pond.mounter.mountAgain(volume, mountpoint));
      assertTrue(pond.mounter.mountWanted());
      assertEquals(new MountStatus(State.FAILED, Optional.of("no")), mount(volume.id()));
      assertEquals(Map.of(volume.id(), "no"), pond.mounter.failed());
    }
    Files.createDirectories(mountpoint);
    Files.writeString(mountpoint.resolve("log"), "t");

    assertFalse(pond.mounter.mountWanted());

    assertEquals(State.MOUNTED, status(volume.id()));
    assertTrue(Files.exists(stray().resolve("log")));
    assertEquals(Map.of(), pond.mounter.failed());
  }

  @Test
  void aVolumeThatIsDestroyedOrRolledBackLeavesNoFolderMeanwhile() throws Exception {
    Volume volume = pond.volumes.create(VolumeName.parse("default.a"), Optional.empty(), 0);
    Path mountpoint = volume.dataset().mountpoint().orElseThrow();
    pond.catalog.snapshots().take(volume, "s");
    pond.storage.failNextMount(StorageFailure.ZFS_FAILED.because("once"));
    var _ =
        pond.history.rollBack(
            volume.id(), new VolumeHistory.Rollback("s", true, false), Condition.NONE);
    assertEquals(State.MOUNTED, status(volume.id()));
    assertEquals(Map.of(), pond.mounter.failed());

    pond.volumes.destroy(volume.id(), Condition.NONE);

    assertFalse(Files.exists(mountpoint));
  }

  @Test
  void whatWasWrittenWhileNoDaemonWasHereIsMovedAsideByTheNextOne() throws Exception {
    Volume volume = pond.volumes.create(VolumeName.parse("default.a"), Optional.empty(), 0);
    Path mountpoint = volume.dataset().mountpoint().orElseThrow();
    pond.mounter.unmount(volume, mountpoint);
    Files.createDirectories(mountpoint);
    Files.writeString(mountpoint.resolve("log"), "t");

    VolumeMounter next = successor();
    next.wantAll();

    assertFalse(next.mountWanted());
    assertEquals("t", Files.readString(stray().resolve("log")));
    assertEquals(List.of(), pond.folders.list());
    VolumeMounter third = successor();
    third.wantAll();
    String note = third.status(pond.catalog.require(volume.id())).reason().orElse("");
    assertTrue(note.endsWith(stray().toString()), note);
  }

  @Test
  void whatSomebodyKeptBelowTheMountIsNotTheNextDaemonsEither() throws Exception {
    Volume volume = pond.volumes.create(VolumeName.parse("default.a"), Optional.empty(), 0);
    Path mountpoint = volume.dataset().mountpoint().orElseThrow();
    hide(mountpoint.resolve("hidden"));
    pond.mounter.unmount(volume, mountpoint);

    VolumeMounter next = successor();
    next.wantAll();

    assertTrue(next.mountWanted());
    assertTrue(Files.exists(mountpoint.resolve("hidden")));
  }

  @Test
  void aFullStateDiskKeepsNoVolumeFromBeingUnmountedAndMountedAgain() throws Exception {
    Volume volume = pond.volumes.create(VolumeName.parse("default.a"), Optional.empty(), 0);
    Path mountpoint = volume.dataset().mountpoint().orElseThrow();
    pond.folders.setFull(true);
    pond.mounter.unmount(volume, mountpoint);
    pond.mounter.mountAgain(volume, mountpoint);
    assertEquals(State.MOUNTED, status(volume.id()));

    pond.folders.setFull(false);
    pond.mounter.unmount(volume, mountpoint);
    assertEquals(1, pond.folders.list().size());
    pond.folders.setFull(true);
    pond.mounter.mountAgain(volume, mountpoint);
    pond.folders.setFull(false);
    assertFalse(pond.mounter.wantMissing(Set.of(volume.dataset().name())));
    assertEquals(List.of(), pond.folders.list());
  }

  private VolumeMounter successor() {
    return new VolumeMounter(
        pond.storage,
        pond.catalog,
        pond.home,
        pond.locks,
        Clearance.NONE,
        new BareFolders(pond.folders),
        pond.node.fencing());
  }

  private void assertOccupied(Volume volume, Path mountpoint) {
    FailureException failure =
        assertThrows(FailureException.class, () -> pond.mounter.mountAgain(volume, mountpoint));
    assertEquals(OwnershipFailure.MOUNTPOINT_OCCUPIED, failure.failure());
  }

  /** Writes a file, long before anything else as clocks of files go. */
  private static void hide(Path file) throws IOException {
    Files.writeString(file, "somebody's");
    Instant later = Instant.now().plusMillis(20);
    while (Instant.now().isBefore(later)) {
      Thread.onSpinWait();
    }
  }

  private Path stray() throws IOException {
    try (Stream<Path> siblings = Files.list(pond.home.mountRoot())) {
      return siblings.filter(path -> path.toString().contains(".stray-")).findFirst().orElseThrow();
    }
  }

  private MountStatus mount(VolumeId id) throws FailureException {
    return pond.mounter.status(pond.catalog.require(id));
  }

  private String reason(VolumeId id) throws FailureException {
    return mount(id).reason().orElse("");
  }

  private State status(VolumeId id) throws FailureException {
    return pond.mounter.status(pond.catalog.require(id)).state();
  }

  private void observe(VolumeId id) {
    try {
      pond.epochs.observe(id, 2);
    } catch (FailureException e) {
      throw new AssertionError(e);
    }
  }
}
