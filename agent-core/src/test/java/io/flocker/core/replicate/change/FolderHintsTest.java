package io.flocker.core.replicate.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.VolumeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FolderHintsTest {
  @TempDir Path folder;

  private final VolumeId first = VolumeId.random();
  private final VolumeId second = VolumeId.random();
  private final BlockingQueue<VolumeId> told = new LinkedBlockingQueue<>();

  @Test
  void tellsWhichVolumeIsWrittenToInFoldersOldAndNew() throws Exception {
    try (FolderHints hints =
        new FolderHints((id, _) -> told.add(id), () -> {}, InstantSource.system())) {
      Path above = Files.createDirectory(folder.resolve("first"));
      var _ = Files.createDirectory(above.resolve("below"));
      hints.watch(first, above);
      hints.watch(second, Files.createDirectory(folder.resolve("second")));

      Files.writeString(folder.resolve("first/below/file"), "text");
      await(first);
      Path fresh = Files.createDirectory(folder.resolve("second/fresh"));
      await(second);
      while (hints.folders() < 4) {
        Thread.onSpinWait(); // Nobody is told: until then the comparison has to see it.
      }
      told.clear();
      Files.writeString(fresh.resolve("file"), "text");
      await(second);
    }
  }

  @Test
  void whatIsForgottenIsToldNoMoreAndTheOthersAre() throws Exception {
    try (FolderHints hints =
        new FolderHints((id, _) -> told.add(id), () -> {}, InstantSource.system())) {
      for (int number = 0; number < 100; number++) {
        var _ = Files.createDirectories(folder.resolve("first/" + number));
      }
      hints.watch(first, folder.resolve("first"));
      hints.watch(second, Files.createDirectory(folder.resolve("second")));
      assertEquals(102, hints.folders());

      hints.forget(first);

      assertFalse(hints.isWatched(first));
      assertTrue(hints.isWatched(second));
      assertEquals(1, hints.folders());
      Files.writeString(folder.resolve("first/1/file"), "text");
      Files.writeString(folder.resolve("second/file"), "text");
      assertEquals(second, told.take());
      hints.watch(first, folder.resolve("first"));
      assertEquals(102, hints.folders());
    }
  }

  /** One change may be told several times. */
  private void await(VolumeId volume) throws InterruptedException {
    while (!told.take().equals(volume)) {
      // Told of the other one once more.
    }
  }
}
