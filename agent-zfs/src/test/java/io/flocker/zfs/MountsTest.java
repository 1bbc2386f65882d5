package io.flocker.zfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.Commands;
import io.flocker.core.process.Launch;
import io.flocker.core.process.StuckChildren;
import io.flocker.core.storage.Capabilities;
import io.flocker.zfs.command.ZfsTool;
import io.flocker.zfs.listing.DatasetReader;
import io.flocker.zfs.probe.Dialect;
import io.flocker.zfs.process.Zfs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume that is mounted, and that somebody has made read-only meanwhile. */
class MountsTest {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Path MOUNTPOINT = Path.of("/flocker/v");

  private final Path folder;
  private final FakeZfs fake;

  MountsTest(@TempDir Path folder) {
    this.folder = folder;
    this.fake =
        new FakeZfs(folder)
            .answers(
                "get",
                """
                if [ -e '%1$s/away' ]; then mounted=no; else mounted=yes; fi
                if [ -e '%1$s/writable' ]; then readonly='off temporary'; else readonly='on local'; fi
                for property in 'guid 7 -' 'type filesystem -' 'used 1 -' 'referenced 1 -' \\
                  'refquota 0 default' "mounted $mounted -" 'mountpoint /flocker/v local' \\
                  "readonly $readonly"
                do
                  set -- $property
                  printf 'tank/v\\t%%s\\t%%s\\t%%s\\n' "$1" "$2" "$3"
                done
                """
                    .formatted(folder));
  }

  @Test
  void makesItWritableWhereItIsMounted() throws Exception {
    fake.answers("mount", "touch '" + folder + "/writable'");

    mounts(true).mountWritable("tank/v", MOUNTPOINT);
    mounts(true).mountWritable("tank/v", MOUNTPOINT);

    assertEquals(List.of("mount -o remount,rw tank/v"), mountings());
  }

  @Test
  void saysThatItStaysReadonly() {
    fake.answers("mount", "exit 0");

    FailureException failure =
        assertThrows(
            FailureException.class, () -> mounts(true).mountWritable("tank/v", MOUNTPOINT));

    assertEquals(StorageFailure.ZFS_FAILED, failure.failure());
    assertTrue(failure.detail().contains("is read-only"), failure.detail());
  }

  @Test
  void hidesNothingThatIsThere() throws Exception {
    Files.createFile(folder.resolve("away"));
    Path mountpoint = Files.createDirectory(folder.resolve("v"));
    Files.writeString(mountpoint.resolve("log"), "somebody's");

    FailureException failure =
        assertThrows(
            FailureException.class, () -> mounts(true).mountWritable("tank/v", mountpoint));

    assertEquals(OwnershipFailure.MOUNTPOINT_OCCUPIED, failure.failure());
    assertEquals(mountpoint.toString(), failure.members().get("mountpoint"));
    assertEquals(List.of(), mountings());
  }

  @Test
  void isRefusedWhereNoMountOverridesReadonly() {
    FailureException failure =
        assertThrows(
            FailureException.class, () -> mounts(false).mountWritable("tank/v", MOUNTPOINT));

    assertEquals(StorageFailure.DATASET_BUSY, failure.failure());
    assertEquals(List.of(), mountings());
  }

  /** Two at once stop a zfs-fuse for good; the folder is there while one is at work. */
  @Test
  void unmountsOneAfterTheOtherWhereTwoAtOnceWouldStopZfs() throws Exception {
    fake.answers(
        "unmount", "mkdir '%1$s/alone' && sleep 0.2 && rmdir '%1$s/alone'".formatted(folder));
    fake.answers("set", "exit 0");
    Mounts mounts = mounts(false);
    List<FutureTask<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      FutureTask<Boolean> one =
          new FutureTask<>(() -> {
            mounts.unmount("tank/v");
            return true;
          });
      all.add(one);
      var _ = Thread.ofVirtual().start(one);
    }

    for (FutureTask<Boolean> one : all) {
      assertTrue(one.get());
    }
  }

  private Mounts mounts(boolean hasTemporaryMount) {
    Commands commands =
        new Commands(new Launch(Zfs.ASKED, "tank"), 4, new StuckChildren(), CommandObserver.NONE);
    ZfsTool zfs = ZfsTool.zfs(fake.program(), commands, DEADLINE, "tank");
    Capabilities capabilities =
        new Capabilities("any", Set.of(), Set.of(), Set.of(), false, false, false);
    Dialect dialect = new Dialect(capabilities, false, false, hasTemporaryMount, hasTemporaryMount);
    return new Mounts(
        zfs,
        new DatasetReader(zfs, dialect),
        new Seal(new DatasetProperties(zfs)),
        hasTemporaryMount,
        DEADLINE);
  }

  private List<String> mountings() {
    return fake.calls().stream().filter(call -> !call.startsWith("get ")).toList();
  }
}
