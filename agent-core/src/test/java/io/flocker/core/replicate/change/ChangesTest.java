package io.flocker.core.replicate.change;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class ChangesTest {
  private static final VolumeId VOLUME = VolumeId.random();

  @Test
  void aComparisonTellsWhatIsWrittenWhileHintsFail() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    AtomicInteger written = new AtomicInteger();
    List<VolumeId> told = new ArrayList<>();
    Changes changes =
        Changes.of(
            () -> Map.of(VOLUME, new WatchedVolume("pool/volume", Path.of("/volume"))),
            () -> {
              throw new IOException("no mount table");
            },
            () -> Map.of("pool/volume", "\t" + written.get()),
            (volume, when) -> told.add(volume),
            now::get);

    Optional<Duration> _ = changes.round();
    written.set(1);
    now.set(now.get().plusSeconds(60));
    Optional<Duration> _ = changes.round();
    changes.close();

    assertEquals(List.of(VOLUME), told);
  }
}
