package io.flocker.zfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.os.FileSystem;
import io.flocker.core.os.Holders;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Needs;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.TestPool;
import io.flocker.core.storage.TestPools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The driver against the ZFS that answers: datasets, snapshots, holds, mounts. */
@Timeout(300)
class ZfsStorageIT {
  private static final long MEBIBYTE = 1 << 20;

  @RegisterExtension static final TestPools POOLS = new TestPools();

  private static TestPool pool;
  private static ZfsStorage storage;

  @BeforeAll
  static void makePool() throws Exception {
    pool = POOLS.create(256 * MEBIBYTE);
    storage = new ZfsStorage(ZfsSettings.ofPool(pool.name()));
  }

  @AfterEach
  void destroyAll() throws Exception {
    for (Dataset dataset : storage.datasets()) {
      storage.unmount(dataset.name());
      storage.destroy(dataset.name());
    }
  }

  @Test
  void knowsWhatItsZfsCanDo() throws Exception {
    assertFalse(storage.capabilities().sendFlags().isEmpty());
    assertTrue(storage.capabilities().receiveFlags().contains("F"));
    assertEquals(
        storage.capabilities().canResume(), storage.capabilities().receiveFlags().contains("s"));
  }

  @Test
  void readsAndMarksThePool() throws Exception {
    NodeId node = NodeId.random();
    storage.markPool(node);

    assertEquals(node, storage.pool().node().orElseThrow());
    assertEquals("ONLINE", storage.pool().health());
    assertTrue(storage.pool().freeBytes() > 100 * MEBIBYTE);
    assertTrue(storage.pool().sizeBytes() >= storage.pool().freeBytes());
  }

  @Test
  void createsADatasetThatIsNotMountedAndReadonly() throws Exception {
    Dataset volume = create("one", 50 * MEBIBYTE);

    assertFalse(volume.isMounted());
    assertTrue(volume.isReadonly());
    assertFalse(volume.hasChildren());
    assertEquals(pool.mounts().resolve("one"), volume.mountpoint().orElseThrow());
    assertEquals(50 * MEBIBYTE, volume.quotaBytes());
    assertTrue(volume.usedBytes() > 0);
    assertTrue(volume.resumeToken().isEmpty());
  }

  @Test
  @DisplayName("38 a dataset without snapshots has an empty list of them")
  void hasNoSnapshotsAtFirst() throws Exception {
    assertEquals(List.of(), create("one", 0).snapshots());
    assertEquals(1, storage.datasets().size());
  }

  @Test
  @DisplayName("37 a dataset with a space in its name does not disturb the listing")
  void toleratesASpaceInAName() throws Exception {
    create("one", 0);
    create("with a space", 0);
    storage.snapshot(pool.dataset("with a space"), "and one here");

    assertEquals(
        List.of("one", "with a space"),
        storage.datasets().stream().map(Dataset::basename).sorted().toList());
    assertEquals(
        "and one here",
        storage.dataset(pool.dataset("with a space")).orElseThrow().latest().orElseThrow().name());
  }

  @Test
  void listsSnapshotsOldestFirst() throws Exception {
    Dataset volume = create("one", 0);
    Snapshot first = storage.snapshot(volume.name(), "z");
    Snapshot second = storage.snapshot(volume.name(), "a");

    assertEquals(List.of(first, second), read(volume).snapshots());
    assertTrue(first.createtxg() < second.createtxg());
    refused(StorageFailure.DATASET_EXISTS, () -> storage.snapshot(volume.name(), "a"));
  }

  @Test
  void needsAsManyProcessesForManyDatasetsAsForOne(@TempDir Path folder) throws Exception {
    ZfsSettings usual = ZfsSettings.ofPool(pool.name());
    Path calls = Files.createFile(folder.resolve("calls"));
    Path counting = folder.resolve("zfs");
    Files.writeString(
        counting, "#!/bin/sh\necho >> '%s'\nexec '%s' \"$@\"\n".formatted(calls, usual.zfs()));
    Files.setPosixFilePermissions(counting, PosixFilePermissions.fromString("rwx------"));
    ZfsStorage counted =
        new ZfsStorage(
            new ZfsSettings(
                counting,
                usual.zpool(),
                usual.pool(),
                usual.commandLimit(),
                usual.deadline(),
                usual.longDeadline(),
                usual.renameGrace()));
    create("one", 0);
    counted.datasets();
    long probed = Files.size(calls);
    counted.datasets();
    long forOne = Files.size(calls) - probed;

    for (String basename : List.of("two", "three")) {
      Dataset volume = create(basename, 0);
      storage.snapshot(volume.name(), "a");
      storage.snapshot(volume.name(), "b");
    }
    long before = Files.size(calls);
    assertEquals(3, counted.datasets().size());
    assertEquals(forOne, Files.size(calls) - before);
    assertTrue(forOne <= 2, "processes: " + forOne);
  }

  @Test
  void keepsItsOwnRecordAndVoidsThoseOfOthers() throws Exception {
    Dataset volume = create("one", 0);
    OwnershipRecord own = record(volume.guid());
    storage.setRecord(volume.name(), own);
    assertEquals(own, read(volume).record().orElseThrow());

    storage.setRecord(volume.name(), record(new Guid(7)));
    assertTrue(read(volume).record().isEmpty(), "a record of another dataset is void");

    TestPools.run("zfs", "set", OwnershipRecord.PROPERTY + "=" + own, pool.name());
    TestPools.run("zfs", "inherit", OwnershipRecord.PROPERTY, volume.name());
    assertTrue(read(volume).record().isEmpty(), "an inherited record is void");
    TestPools.run("zfs", "inherit", OwnershipRecord.PROPERTY, pool.name());
  }

  @Test
  void holdsAndReleasesAsOftenAsItIsTold() throws Exception {
    Dataset volume = create("one", 0);
    storage.snapshot(volume.name(), "a");
    storage.hold(volume.name(), "a", "flk:op:1");
    storage.hold(volume.name(), "a", "flk:op:1");

    refused(StorageFailure.SNAPSHOT_HELD, () -> storage.destroySnapshot(volume.name(), "a"));
    refused(StorageFailure.SNAPSHOT_HELD, () -> storage.destroy(volume.name()));
    assertEquals(1, read(volume).snapshots().size(), "a refused destroy drops no snapshot");

    storage.release(volume.name(), "a", "flk:op:1");
    storage.release(volume.name(), "a", "flk:op:1");
    storage.release(volume.name(), "none", "flk:op:1");
    refused(
        StorageFailure.DATASET_NOT_FOUND,
        () -> storage.release(volume.name() + "x", "a", "flk:op:1"));
    storage.destroySnapshot(volume.name(), "a");
    storage.destroySnapshot(volume.name(), "a");
    assertEquals(List.of(), read(volume).snapshots());
  }

  @Test
  void remembersASnapshotAsABookmarkWhereThereAreBookmarks() throws Exception {
    Dataset volume = create("one", 0);
    Snapshot snapshot = storage.snapshot(volume.name(), "a");
    storage.snapshot(volume.name(), "b");
    boolean canBookmark = storage.capabilities().canBookmark();
    if (!canBookmark) {
      refused(
          StorageFailure.POOL_FEATURE_MISSING, () -> storage.bookmark(volume.name(), "a", "mark"));
    }
    Needs.ability(canBookmark, Needs.Ability.BOOKMARKS);
    storage.bookmark(volume.name(), "a", "mark");
    storage.bookmark(volume.name(), "a", "mark");

    assertEquals(snapshot.guid(), read(volume).bookmarks().getFirst().guid());
    refused(StorageFailure.DATASET_EXISTS, () -> storage.bookmark(volume.name(), "b", "mark"));
  }

  @Test
  @DisplayName("46 a volume that is mounted as its owner's is writable, a new one is not mounted")
  void mountsWritable() throws Exception {
    Dataset volume = create("one", 0);
    Path mountpoint = pool.mounts().resolve("deep/er/one");
    storage.mountWritable(volume.name(), mountpoint);
    storage.mountWritable(volume.name(), mountpoint);

    Files.writeString(mountpoint.resolve("file"), "written");
    assertTrue(read(volume).isMounted());
    assertEquals(Files.getAttribute(mountpoint, "unix:dev"), storage.device(mountpoint));
    assertTrue(storage.device(mountpoint) != storage.device(pool.mounts()));
  }

  @Test
  void leavesVolumesWritableWhenItGuardsThePoolAgain() throws Exception {
    Dataset volume = create("one", 0);
    Path mountpoint = volume.mountpoint().orElseThrow();
    storage.mountWritable(volume.name(), mountpoint);

    storage.guardPool();

    Files.writeString(mountpoint.resolve("file"), "written");
    assertFalse(read(volume).isReadonly());
  }

  @Test
  @DisplayName("I15 a dataset with an open file is busy, and its holder is found")
  void refusesToUnmountWhatIsInUse() throws Exception {
    Dataset volume = create("one", 0);
    Path mountpoint = volume.mountpoint().orElseThrow();
    storage.mountWritable(volume.name(), mountpoint);
    FileSystem mounted = FileSystem.at(mountpoint);
    Process user =
        new ProcessBuilder("sh", "-c", "exec 5>open; echo ready; read _")
            .directory(mountpoint.toFile())
            .start();
    try {
      assertEquals("ready", user.inputReader().readLine());

      refused(StorageFailure.DATASET_BUSY, () -> storage.unmount(volume.name()));
      assertTrue(read(volume).isMounted());
      assertEquals(
          List.of("cwd", "fd/5"),
          Holders.beyond(mountpoint).stream()
              .filter(holder -> holder.pid() == user.pid())
              .map(holder -> holder.how())
              .sorted()
              .toList());
    } finally {
      user.destroyForcibly().waitFor();
    }
    storage.unmount(volume.name());
    storage.unmount(volume.name());
    assertFalse(read(volume).isMounted());
    assertEquals(List.of(), Holders.of(mounted));
  }

  @Test
  void findsWhoKeepsItMountedInANamespaceOfItsOwn() throws Exception {
    Dataset volume = create("one", 0);
    Path mountpoint = volume.mountpoint().orElseThrow();
    storage.mountWritable(volume.name(), mountpoint);
    FileSystem mounted = FileSystem.at(mountpoint);
    Process hidden =
        new ProcessBuilder(
                "unshare", "--mount", "--propagation", "private", "sh", "-c", "echo ready; read _")
            .start();
    try {
      assertEquals("ready", hidden.inputReader().readLine());
      try {
        storage.unmount(volume.name());
      } catch (FailureException e) {
        assertEquals(StorageFailure.DATASET_BUSY, e.failure(), e.detail());
      }

      assertEquals(
          List.of("mountinfo " + mountpoint),
          Holders.of(mounted).stream()
              .filter(holder -> holder.pid() == hidden.pid())
              .map(holder -> holder.how())
              .toList());
    } finally {
      hidden.destroyForcibly().waitFor();
    }
  }

  @Test
  void renamesWhatIsNotMounted() throws Exception {
    Dataset volume = create("one", 0);
    storage.mountWritable(volume.name(), volume.mountpoint().orElseThrow());

    refused(StorageFailure.DATASET_BUSY, () -> storage.rename(volume.name(), pool.dataset("two")));
    assertTrue(read(volume).isMounted(), "a refused rename leaves it mounted");

    storage.unmount(volume.name());
    assertTrue(read(volume).isReadonly(), "the grant to write ends with the mount");
    Snapshot held = storage.snapshot(volume.name(), "old");
    storage.hold(volume.name(), "old", "flk:peer:b");
    storage.renameSnapshot(volume.name(), "old", "new");
    assertEquals("new", read(volume).snapshot(held.guid()).orElseThrow().name());
    storage.release(volume.name(), "new", "flk:peer:b");
    storage.rename(volume.name(), pool.dataset("two"));
    assertEquals(volume.guid(), storage.dataset(pool.dataset("two")).orElseThrow().guid());
    assertTrue(storage.dataset(volume.name()).isEmpty());
    refused(
        StorageFailure.DATASET_NOT_FOUND, () -> storage.rename(volume.name(), pool.dataset("3")));
  }

  @Test
  @DisplayName("40 a destroyed dataset is gone with its snapshots")
  void destroysWithItsSnapshots() throws Exception {
    Dataset volume = create("one", 0);
    storage.snapshot(volume.name(), "a");
    storage.mountWritable(volume.name(), volume.mountpoint().orElseThrow());
    refused(StorageFailure.DATASET_BUSY, () -> storage.destroy(volume.name()));
    assertEquals(1, read(volume).snapshots().size(), "a refused destroy drops no snapshot");

    storage.unmount(volume.name());
    storage.destroy(volume.name());
    assertEquals(List.of(), storage.datasets());
  }

  @Test
  void refusesToDestroyWhatHasChildren() throws Exception {
    Dataset volume = create("one", 0);
    String child = volume.name() + "/child";
    TestPools.run("zfs", "create", "-o", "canmount=noauto", child);

    assertTrue(read(volume).hasChildren());
    assertEquals(1, storage.datasets().size(), "a child is not a volume");
    refused(StorageFailure.DATASET_BUSY, () -> storage.destroy(volume.name()));

    TestPools.run("zfs", "destroy", child);
  }

  @Test
  void setsReadonlyAndCanmount() throws Exception {
    Dataset volume = create("one", 0);
    storage.setReadonly(volume.name(), false);
    assertFalse(read(volume).isReadonly());
    storage.setReadonly(volume.name(), true);
    assertTrue(read(volume).isReadonly());

    TestPools.run("zfs", "set", "canmount=on", volume.name());
    storage.seal(volume.name(), Map.of());
    assertEquals(
        "noauto",
        TestPools.run("zfs", "get", "-H", "-o", "value", "canmount", volume.name()).strip());
  }

  @Test
  void findsNothingWhereNothingIs() throws Exception {
    assertTrue(storage.dataset(pool.dataset("none")).isEmpty());
    refused(StorageFailure.DATASET_NOT_FOUND, () -> storage.snapshot(pool.dataset("none"), "a"));
    refused(StorageFailure.DATASET_NOT_FOUND, () -> storage.destroy(pool.dataset("none")));
    storage.abandonReceive(pool.dataset("none"));
  }

  private Dataset create(String basename, long quotaBytes) throws FailureException {
    storage.create(pool.dataset(basename), pool.mounts().resolve(basename), quotaBytes);
    return storage.dataset(pool.dataset(basename)).orElseThrow();
  }

  private static Dataset read(Dataset dataset) throws FailureException {
    return storage.dataset(dataset.name()).orElseThrow();
  }

  private static OwnershipRecord record(Guid dataset) {
    return new OwnershipRecord(
        VolumeId.random(),
        3,
        NodeId.random(),
        OwnershipState.OWNED,
        UUID.randomUUID(),
        new Guid(0),
        dataset);
  }

  private static void refused(Failure expected, Executable change) {
    FailureException failure = assertThrows(FailureException.class, change);
    assertEquals(expected, failure.failure(), failure.detail());
  }
}
