package io.flocker.core.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotViewsTest {
  private final Faults faults = new Faults();
  private Pond pond;
  private Volume volume;
  private Snapshot snapshot;
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    pond = new Pond(folder, faults);
    volume = pond.volumes.create(VolumeName.parse("default.a"), Optional.empty(), 0);
    snapshot = pond.volumes.snapshot(volume.id(), "s", Condition.NONE);
  }

  @Test
  void isReadOnlyWhereNobodyElseLooksAndGoneOnceItIsClosed() throws Exception {
    Path folder;
    try (SnapshotViews.View view = pond.node.views().open(volume.id(), snapshot.guid())) {
      folder = view.folder();
      Dataset clone = clones().getFirst();
      assertTrue(clone.isReadonly());
      assertEquals(Optional.of(folder), clone.mountpoint());
      assertEquals("rwx------", mode(root()));
    }

    assertEquals(List.of(), clones());
    assertFalse(Files.exists(folder));
    assertFalse(Files.exists(root()), "a pool cannot be made anew beside it");
  }

  @Test
  void whatAnEarlierDaemonLeftIsGoneWithItsFolder() throws Exception {
    var _ = Files.createDirectories(root().resolve("flocker-view-left"));

    new LeftoverSweep(pond.node, _ -> false, Instant::now).round();

    assertFalse(Files.exists(root()));
  }

  @Test
  void whoReadsGivesWayToWhoDestroys() throws Exception {
    SnapshotViews.View view = pond.node.views().open(volume.id(), snapshot.guid());
    view.onWanted(() -> Thread.ofVirtual().start(view::close));

    pond.volumes.destroy(volume.id(), Condition.NONE);

    assertTrue(view.isWanted());
    assertEquals(List.of(), clones());
  }

  @Test
  void whoBeginsToReadWhatIsToBeDestroyedIsToldAtOnce() throws Exception {
    SnapshotViews.View view = pond.node.views().open(volume.id(), snapshot.guid());
    view.onWanted(() -> Thread.ofVirtual().start(view::close));
    pond.volumes.destroy(volume.id(), Condition.NONE);
    AtomicBoolean isTold = new AtomicBoolean();

    view.onWanted(() -> isTold.set(true));

    assertTrue(isTold.get());
  }

  /** Who is told of clones would destroy them, and the sweep does that. */
  @Test
  void whatAnEarlierDaemonReadIsDestroyedLater() throws Exception {
    String left = pond.storage.poolName() + "/flocker-view-left";
    pond.storage.cloneSnapshot(volume.dataset().name(), "s", left, 0);

    FailureException refusal =
        assertThrows(
            FailureException.class, () -> pond.volumes.destroy(volume.id(), Condition.NONE));

    assertEquals(OwnershipFailure.VOLUME_LOCKED, refusal.failure());
  }

  @Test
  void leavesNothingWhereOneOfItsStepsFails() throws Exception {
    LeftoverSweep sweep =
        new LeftoverSweep(pond.node, _ -> false, () -> now = now.plus(Duration.ofHours(2)));
    int failed = 0;
    for (int call = 2; ; call++) { // The first asks for the pool's name, which cannot fail.
      faults.failAt(call, Faults.Kind.REFUSED);
      try (SnapshotViews.View _ = pond.node.views().open(volume.id(), snapshot.guid())) {
        failed++;
      } catch (FailureException _) {
        failed++;
      }
      if (!faults.hasFailed()) {
        break;
      }
      sweep.round();
      assertEquals(List.of(), clones(), "after call " + call);
    }
    assertTrue(failed > 5, "steps: " + failed);
  }

  @Test
  void whatAnEarlierDaemonReadIsTakenAwayAndWhatIsReadStays() throws Exception {
    String left = pond.storage.poolName() + "/flocker-view-left";
    pond.storage.cloneSnapshot(volume.dataset().name(), "s", left, 0);
    var _ = Files.createDirectories(root().resolve("flocker-view-left"));
    LeftoverSweep sweep = new LeftoverSweep(pond.node, _ -> false, Instant::now);
    try (SnapshotViews.View view = pond.node.views().open(volume.id(), snapshot.guid())) {
      sweep.round();

      assertEquals(
          List.of(Optional.of(view.folder())), clones().stream().map(Dataset::mountpoint).toList());
    }
  }

  @Test
  void aSnapshotThatIsNotThereIsNamed() throws Exception {
    pond.storage.destroySnapshot(volume.dataset().name(), "s");

    FailureException failure =
        assertThrows(
            FailureException.class, () -> pond.node.views().open(volume.id(), snapshot.guid()));

    assertTrue(failure.detail().contains(snapshot.guid().toString()), failure::detail);
    assertEquals(List.of(), clones());
  }

  private Path root() {
    return pond.home.mountRoot().resolve(".flocker-views");
  }

  private List<Dataset> clones() throws FailureException {
    return pond.storage.datasets().stream()
        .filter(dataset -> dataset.origin().isPresent())
        .toList();
  }

  private static String mode(Path folder) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
  }
}
