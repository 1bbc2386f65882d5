package io.flocker.core.replicate.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hints of whole file systems: real ones, in memory, as zfs-fuse's cannot be watched so. Needs
 * root, to mount them.
 */
@Timeout(120)
class MountHintsIT {
  @TempDir private Path temporary;

  private final VolumeId first = VolumeId.random();
  private final VolumeId second = VolumeId.random();
  private final BlockingQueue<VolumeId> told = new LinkedBlockingQueue<>();
  private final Deque<Path> mounts = new ArrayDeque<>();

  @BeforeEach
  void needsRoot(TestInfo test) {
    Needs.root(test.getDisplayName());
  }

  @AfterEach
  void unmountAll() throws Exception {
    while (!mounts.isEmpty()) {
      run("umount", mounts.pop().toString());
    }
  }

  @Test
  void tellsOfWhatIsWrittenInAnyFolderThroughAnyMount() throws Exception {
    try (FolderHints hints = hints()) {
      Path volume = mount("first");
      Path deep = Files.createDirectories(volume.resolve("a/b/c"));
      Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
      run("mount", "--bind", deep.toString(), elsewhere.toString());
      mounts.push(elsewhere);

      hints.watch(first, volume);

      assertEquals(1, hints.folders(), "the others are not watched one by one");
      Files.writeString(elsewhere.resolve("of a container"), "text");
      await(first);
    }
  }

  @Test
  void anotherMountOfTheVolumeIsWatchedAnew() throws Exception {
    try (FolderHints hints = hints()) {
      hints.watch(first, mount("first"));
      assertTrue(hints.isWatched(first));

      run("umount", mounts.pop().toString());
      while (hints.isWatched(first) || hints.folders() > 0) {
        Thread.onSpinWait(); // The kernel tells that it is gone, and what it told last is heard.
      }
      Path volume = mount("first");
      Path folder = Files.createDirectories(volume.resolve("a/b"));
      told.clear();

      hints.watch(first, volume);

      Files.writeString(folder.resolve("file"), "text");
      await(first);
    }
  }

  @Test
  void whatIsForgottenIsToldNoMoreAndTheOthersAre() throws Exception {
    try (FolderHints hints = hints()) {
      Path forgotten = mount("first");
      Path deep = Files.createDirectories(forgotten.resolve("a/b"));
      hints.watch(first, forgotten);
      Path other = Files.createDirectory(mount("second").resolve("below"));
      hints.watch(second, temporary.resolve("second"));

      hints.forget(first);

      assertFalse(hints.isWatched(first));
      Files.writeString(deep.resolve("file"), "text");
      Files.writeString(other.resolve("file"), "text");
      assertEquals(second, told.take());
      hints.watch(first, forgotten);
      Files.writeString(deep.resolve("another"), "text");
      await(first);
    }
  }

  private FolderHints hints() throws IOException {
    return new FolderHints((id, _) -> told.add(id), () -> {}, InstantSource.system());
  }

  private Path mount(String name) throws Exception {
    Path mountpoint = Files.createDirectories(temporary.resolve(name));
    run("mount", "-t", "tmpfs", "-o", "size=1m", "none", mountpoint.toString());
    mounts.push(mountpoint);
    return mountpoint;
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  /** One change may be told several times. */
  private void await(VolumeId volume) throws InterruptedException {
    while (!told.take().equals(volume)) {
      // Told of the other one once more.
    }
  }
}
