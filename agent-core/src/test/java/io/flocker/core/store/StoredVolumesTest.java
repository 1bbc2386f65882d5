package io.flocker.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.VolumeId;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class StoredVolumesTest {
  private static final VolumeId VOLUME = VolumeId.random();

  @TempDir private Path folder;

  @Test
  void whatIsWrittenAboutAVolumeIsReplacedAsAWhole() throws Exception {
    try (Database database = Database.open(folder)) {
      StoredVolumes volumes = new StoredVolumes(database, InstantSource.system());
      volumes.describe(VOLUME, Map.of("a", "1", "b", "2"));
      volumes.describe(VOLUME, Map.of("b", "3"));

      assertEquals(Map.of("b", "3"), volumes.metadata(VOLUME));
      assertEquals(Map.of(VOLUME, Map.of("b", "3")), volumes.metadata());
      assertEquals(Map.of(), volumes.metadata(VolumeId.random()));
    }
  }

  @Test
  void aBurialThatIsTakenBackLeavesWhatWasThereBefore() throws Exception {
    try (Database database = Database.open(folder)) {
      StoredVolumes volumes = new StoredVolumes(database, InstantSource.system());
      volumes.describe(VOLUME, Map.of("a", "1"));
      volumes.bury(VOLUME, 5);
      volumes.exhume(VOLUME, OptionalLong.empty(), Map.of("a", "1"));
      assertEquals(OptionalLong.empty(), volumes.tombstone(VOLUME));
      assertEquals(Map.of("a", "1"), volumes.metadata(VOLUME));

      volumes.bury(VOLUME, 5);
      volumes.bury(VOLUME, 7);
      volumes.exhume(VOLUME, OptionalLong.of(5), Map.of());
      assertEquals(OptionalLong.of(5), volumes.tombstone(VOLUME));
      assertEquals(Map.of(), volumes.metadata(VOLUME));
    }
  }

  @Test
  void aTombstoneOutlivesTheDaemonAndTheMetadataDoNot() throws Exception {
    try (Database database = Database.open(folder)) {
      StoredVolumes volumes = new StoredVolumes(database, InstantSource.system());
      volumes.describe(VOLUME, Map.of("a", "1"));
      volumes.bury(VOLUME, 3);
      volumes.bury(VOLUME, 5);
    }

    try (Database database = Database.open(folder)) {
      StoredVolumes volumes = new StoredVolumes(database, InstantSource.system());
      assertEquals(OptionalLong.of(5), volumes.tombstone(VOLUME));
      assertEquals(OptionalLong.empty(), volumes.tombstone(VolumeId.random()));
      assertEquals(Map.of(), volumes.metadata());
    }
  }
}
