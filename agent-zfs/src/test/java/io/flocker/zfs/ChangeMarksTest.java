package io.flocker.zfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.change.Changes;
import io.flocker.core.replicate.change.WatchedVolume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a round of replication asks ZFS where nothing, and where one volume, was written. */
@Timeout(300)
class ChangeMarksTest {
  private static final int MANY = 10_000;
  private static final int ROUNDS = 3;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"zfs-fuse-0.7", "openzfs-2.3"})
  @DisplayName("P16 X05 a round asks ZFS one question, of ten thousand datasets as of one")
  void oneQuestionARound(String recorded) throws Exception {
    assertEquals(calls(recorded, 1), calls(recorded, MANY));
  }

  /** How often {@code zfs} was called. */
  private int calls(String recorded, int datasets) throws Exception {
    Path place = Files.createDirectory(folder.resolve(recorded + "-" + datasets));
    FakeZfs fake = fake(place, recorded, datasets);
    Duration deadline = Duration.ofSeconds(60);
    ZfsStorage storage =
        new ZfsStorage(
            new ZfsSettings(
                fake.program(), fake.program(), "tank", 4, deadline, deadline, deadline));
    Map<VolumeId, WatchedVolume> volumes = new HashMap<>();
    for (int number = 1; number <= datasets; number++) {
      volumes.put(
          VolumeId.random(),
          new WatchedVolume("tank/volume-" + number, Path.of("/volume-" + number)));
    }
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    Set<VolumeId> told = new HashSet<>();
    Changes changes =
        Changes.of(
            () -> volumes,
            Set::of,
            storage::changeMarks,
            (volume, _) -> told.add(volume),
            now::get);
    for (int round = 0; round < ROUNDS; round++) {
      var _ = changes.round();
      now.set(now.get().plusSeconds(60));
    }
    assertEquals(Set.of(), told);
    Files.writeString(place.resolve("written"), "131072");
    var _ = changes.round();
    changes.close();
    assertEquals(1, told.size());
    int questions = (int) fake.calls().stream().filter(call -> call.contains("referenced")).count();
    assertEquals(ROUNDS + 1, questions);
    return fake.calls().size();
  }

  /** The first dataset has what the file {@code written} says more than before. */
  private static FakeZfs fake(Path place, String recorded, int datasets) throws Exception {
    FakeZfs fake = new FakeZfs(place);
    Files.writeString(place.resolve("written"), "0");
    for (String subcommand : List.of("send", "receive", "mount", "bookmark")) {
      fake.answers(
          subcommand, "cat '%s' >&2; exit 2".formatted(file(recorded + "/" + subcommand + ".txt")));
    }
    fake.answers(
        "version",
        "cat '%s'; exit %d"
            .formatted(file(recorded + "/version.txt"), recorded.startsWith("zfs-fuse") ? 2 : 0));
    String lines =
        "more=$(cat '%s/written'); seq 1 %d | awk -v more=\"$more\" -v written=%%d"
                .formatted(place, datasets)
            + " '{ n = $1 == 1 ? 98304 + more : 98304; w = $1 == 1 ? more : 0;"
            + " printf \"tank/volume-%%d\\t%%d%%s\\n\", $1, n, written ? \"\\t\" w : \"\" }'";
    fake.answers("list", lines.formatted(1));
    fake.answers(
        "get",
        "case \"$*\" in *referenced*) %s;; all*) cat '%s';; *) cat '%s' >&2; exit 2;; esac"
            .formatted(
                lines.formatted(0),
                file(recorded + "/zpool-get-all.txt"),
                file(recorded + "/get.txt")));
    return fake;
  }

  private static Path file(String name) throws Exception {
    return Path.of(
        Objects.requireNonNull(ChangeMarksTest.class.getResource("probe/" + name), name).toURI());
  }
}
