package io.flocker.core.replicate.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.ChangeMark;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
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
            () -> Map.of("pool/volume", new ChangeMark(written.get(), OptionalLong.empty())),
            (volume, when) -> told.add(volume),
            now::get);

    Optional<Duration> _ = changes.round();
    written.set(1);
    now.set(now.get().plusSeconds(60));
    Optional<Duration> _ = changes.round();
    changes.close();

    assertEquals(List.of(VOLUME), told);
  }

  /** Where nothing is replicated nothing is looked at; a pool that is away is back any moment. */
  @Test
  void restsWhileThereIsNothingToWatchButNotForAPoolThatIsAway() throws Exception {
    AtomicBoolean isAway = new AtomicBoolean();
    Changes changes =
        Changes.of(
            () -> {
              if (isAway.get()) {
                throw StorageFailure.POOL_UNAVAILABLE.because("away");
              }
              return Map.of();
            },
            Set::of,
            Map::of,
            (volume, when) -> {},
            Instant::now);

    Duration rest = changes.round().orElseThrow();
    isAway.set(true);
    Duration look = changes.round().orElseThrow();
    changes.close();

    assertTrue(look.compareTo(rest) < 0, look + " against " + rest);
  }

  /** Else each write that a hint told of would be told of again, and an empty stream sent. */
  @Test
  void whatASnapshotHoldsIsNoNews() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    AtomicInteger written = new AtomicInteger();
    List<VolumeId> told = new ArrayList<>();
    Changes changes =
        Changes.of(
            () -> Map.of(VOLUME, new WatchedVolume("pool/volume", Path.of("/volume"))),
            Set::of,
            () -> Map.of("pool/volume", new ChangeMark(written.get(), OptionalLong.empty())),
            (volume, when) -> told.add(volume),
            now::get);
    Optional<Duration> _ = changes.round();

    written.set(1);
    changes.snapshotted(VOLUME, 1);
    now.set(now.get().plusSeconds(60));
    Optional<Duration> _ = changes.round();
    assertEquals(List.of(), told);

    changes.snapshotted(VOLUME, 1);
    written.set(2);
    now.set(now.get().plusSeconds(60));
    Optional<Duration> _ = changes.round();
    changes.close();
    assertEquals(List.of(VOLUME), told, "what no hint told of, right after the snapshot");
  }

  @Test
  void whatGivesNoHintsIsToldOnceAndNotAsOftenAsItIsLookedAt() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    List<VolumeId> told = new ArrayList<>();
    Changes changes =
        Changes.of(
            () -> Map.of(VOLUME, new WatchedVolume("pool/volume", Path.of("/no such folder"))),
            () -> Set.of("pool/volume"),
            () -> Map.of("pool/volume", new ChangeMark(1, OptionalLong.empty())),
            (volume, when) -> told.add(volume),
            now::get);

    for (int round = 0; round < 10; round++) {
      now.set(now.get().plusSeconds(11));
      Optional<Duration> _ = changes.round();
    }
    changes.close();

    assertEquals(List.of(VOLUME), told);
  }

  /** The same amount as before a snapshot makes the same figures. */
  @Test
  void whatZfsCountsAsWrittenIsToldEachTime() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    AtomicInteger written = new AtomicInteger(131_072);
    List<VolumeId> told = new ArrayList<>();
    Changes changes =
        Changes.of(
            () -> Map.of(VOLUME, new WatchedVolume("pool/volume", Path.of("/volume"))),
            Set::of,
            () -> Map.of("pool/volume", new ChangeMark(1, OptionalLong.of(written.get()))),
            (volume, when) -> told.add(volume),
            now::get);

    Optional<Duration> _ = changes.round();
    now.set(now.get().plusSeconds(11));
    Optional<Duration> _ = changes.round();
    written.set(0);
    now.set(now.get().plusSeconds(11));
    Optional<Duration> _ = changes.round();
    changes.close();

    assertEquals(List.of(VOLUME, VOLUME), told);
  }

  /** Nothing is counted as written then. */
  @Test
  void aRollbackOfWhichNobodyTellsIsFoundByItsContent() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    AtomicInteger referenced = new AtomicInteger(262_144);
    List<VolumeId> told = new ArrayList<>();
    Changes changes =
        Changes.of(
            () -> Map.of(VOLUME, new WatchedVolume("pool/volume", Path.of("/volume"))),
            Set::of,
            () -> Map.of("pool/volume", new ChangeMark(referenced.get(), OptionalLong.of(0))),
            (volume, when) -> told.add(volume),
            now::get);

    Optional<Duration> _ = changes.round();
    assertEquals(List.of(), told);
    referenced.set(131_072);
    now.set(now.get().plusSeconds(11));
    Optional<Duration> _ = changes.round();
    now.set(now.get().plusSeconds(11));
    Optional<Duration> _ = changes.round();
    changes.close();

    assertEquals(List.of(VOLUME), told);
  }

  @Test
  @DisplayName(
      "S03 what a pool tells is told on, and what it has missed is compared without a pause")
  void hearsThePool() throws Exception {
    AtomicInteger written = new AtomicInteger();
    List<VolumeId> told = new ArrayList<>();
    Changes changes =
        Changes.of(
            () -> Map.of(VOLUME, new WatchedVolume("pool/volume", Path.of("/volume"))),
            Set::of,
            () -> Map.of("pool/volume", new ChangeMark(written.get(), OptionalLong.empty())),
            (volume, when) -> told.add(volume),
            () -> Instant.EPOCH);
    Optional<Duration> _ = changes.round();

    changes.happened("pool/another");
    assertEquals(List.of(), told);
    changes.happened("pool/volume");
    assertEquals(List.of(VOLUME), told);

    written.set(1);
    Optional<Duration> _ = changes.round();
    assertEquals(List.of(VOLUME), told, "compared before its time");
    changes.missed();
    Optional<Duration> _ = changes.round();
    changes.close();
    assertEquals(List.of(VOLUME, VOLUME), told);
  }

  @Test
  void aPoolThatTakesLongIsAskedMoreSeldomButOften() throws Exception {
    assertEquals(60, comparisons(Duration.ofMillis(1)));
    assertEquals(30, comparisons(Duration.ofMillis(100)));
    assertEquals(20, comparisons(Duration.ofSeconds(2)));
  }

  /** How many there are in ten minutes of rounds if each takes so long. */
  private static int comparisons(Duration each) throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    AtomicInteger count = new AtomicInteger();
    Changes changes =
        Changes.of(
            () -> Map.of(VOLUME, new WatchedVolume("pool/volume", Path.of("/volume"))),
            Set::of,
            () -> {
              now.set(now.get().plus(each));
              int _ = count.incrementAndGet();
              return Map.of();
            },
            (_, _) -> {},
            now::get);
    for (int second = 0; second < 600; second++) {
      now.set(Instant.EPOCH.plusSeconds(second));
      var _ = changes.round();
    }
    changes.close();
    return count.get();
  }
}
