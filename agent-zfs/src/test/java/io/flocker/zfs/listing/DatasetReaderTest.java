package io.flocker.zfs.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.process.CommandObserver;
import io.flocker.core.process.Commands;
import io.flocker.core.process.Launch;
import io.flocker.core.process.StuckChildren;
import io.flocker.core.storage.Capabilities;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.DatasetHead;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.storage.OwnershipState;
import io.flocker.core.storage.Snapshot;
import io.flocker.zfs.FakeZfs;
import io.flocker.zfs.command.ZfsTool;
import io.flocker.zfs.probe.Dialect;
import io.flocker.zfs.process.Zfs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetReaderTest {
  private static final Dialect OPEN_ZFS = dialect(true);
  private static final Dialect ZFS_FUSE = dialect(false);
  private static final String VOLUME =
      """
      tank/v	guid	5	-
      tank/v	type	filesystem	-
      tank/v	used	20	-
      tank/v	referenced	10	-
      tank/v	refquota	0	default
      tank/v	mounted	no	-
      tank/v	mountpoint	none	inherited from tank
      tank/v	readonly	on	inherited from tank
      """;

  private final Path folder;
  private final FakeZfs fake;

  DatasetReaderTest(@TempDir Path folder) {
    this.folder = folder;
    this.fake = new FakeZfs(folder);
  }

  @Test
  @DisplayName("37 what OpenZFS 2.3 lists, a name with spaces in it too")
  void readsOpenZfs() throws Exception {
    fake.answers("get", "cat '" + recorded("openzfs-2.3.txt") + "'");
    List<Dataset> datasets = reader(OPEN_ZFS).below("tank");

    assertEquals(
        List.of("tank/src", "tank/with a space"), datasets.stream().map(Dataset::name).toList());
    Dataset source = datasets.getFirst();
    assertEquals(Guid.parseDecimal("1535445215801640448"), source.guid());
    assertTrue(source.isMounted());
    assertFalse(source.isReadonly());
    assertEquals(Optional.of(Path.of("/mnt/src")), source.mountpoint());
    assertEquals(78_336, source.usedBytes());
    assertEquals(41_472, source.referencedBytes());
    assertEquals(
        new Snapshot(
            "a",
            Guid.parseDecimal("6096969873576737831"),
            12,
            Instant.ofEpochSecond(1_795_343_714)),
        source.snapshots().getFirst());
    assertEquals(List.of("a", "b", "c"), source.snapshots().stream().map(Snapshot::name).toList());
    assertEquals(source.snapshots().getFirst().guid(), source.bookmarks().getFirst().guid());
    assertTrue(source.record().isEmpty(), "'1 aaaa' is no record");
  }

  @Test
  void readsZfsFuse() throws Exception {
    fake.answers("get", "cat '" + recorded("zfs-fuse-0.7.txt") + "'");
    Dataset source = reader(ZFS_FUSE).below("tank").getFirst();

    assertEquals(Guid.parseDecimal("16527838008016701462"), source.guid());
    assertEquals(209_715_200, source.quotaBytes());
    assertEquals(3, source.snapshots().size());
    assertEquals(List.of(), source.bookmarks());
  }

  @Test
  @DisplayName("the number of commands does not grow with datasets and snapshots")
  void needsAsManyCommandsForManyAsForOne() throws Exception {
    fake.answers("get", "cat '" + recorded("zfs-fuse-0.7.txt") + "'");
    reader(ZFS_FUSE).below("tank");
    assertEquals(1, fake.calls().size());

    StringBuilder many = new StringBuilder();
    for (int volume = 0; volume < 50; volume++) {
      many.append(VOLUME.replace("tank/v", "tank/v" + volume));
      for (int snapshot = 0; snapshot < 40; snapshot++) {
        String name = "tank/v" + volume + "@s" + snapshot;
        many.append(name).append("\tguid\t").append(volume * 100 + snapshot).append("\t-\n");
        many.append(name).append("\tcreatetxg\t").append(1000 - snapshot).append("\t-\n");
        many.append(name).append("\tcreation\t1\t-\n");
      }
    }
    Path listing = Files.writeString(folder.resolve("listing"), many);
    fake.answers("get", "cat '" + listing + "'");

    List<Dataset> datasets = reader(ZFS_FUSE).below("tank");
    assertEquals(50, datasets.size());
    assertEquals("s0", datasets.getFirst().latest().orElseThrow().name(), "ordered by createtxg");
    assertEquals(2, fake.calls().size(), "one more command");

    fake.answers("get", "[ \"$5\" = filesystem,volume ] && cat '" + listing + "'; true");
    reader(OPEN_ZFS).below("tank");
    assertEquals(4, fake.calls().size(), "two more commands");
  }

  @Test
  void believesARecordOnlyOfItsOwnDatasetAndSource() throws Exception {
    OwnershipRecord own = record(new Guid(5));
    assertEquals(Optional.of(own), one(VOLUME + property(own.toString(), "local")).record());

    assertTrue(one(VOLUME + property(own.toString(), "inherited from tank")).record().isEmpty());
    assertTrue(one(VOLUME + property(own.toString(), "received")).record().isEmpty());
    assertTrue(one(VOLUME + property(record(new Guid(6)).toString(), "local")).record().isEmpty());
    assertTrue(one(VOLUME + property("2 something newer", "local")).record().isEmpty());
    assertTrue(one(VOLUME + property("-", "-")).record().isEmpty());
  }

  @Test
  @DisplayName("43 children and siblings are not taken for the dataset or its snapshots")
  void knowsWhatHasChildrenAndCountsNone() throws Exception {
    Path listing =
        Files.writeString(
            folder.resolve("listing"),
            VOLUME + VOLUME.replace("tank/v", "tank/v/child") + VOLUME.replace("tank/v", "tank/w"));
    fake.answers("get", "cat '" + listing + "'");

    List<Dataset> datasets = reader(ZFS_FUSE).below("tank");
    assertEquals(2, datasets.size());
    assertEquals(List.of("tank/v/child"), datasets.getFirst().children());
    assertFalse(datasets.getLast().hasChildren());
  }

  @Test
  void leavesVolumesOfBlocksAlone() throws Exception {
    Path listing =
        Files.writeString(
            folder.resolve("listing"),
            "tank/block\tguid\t7\t-\ntank/block\ttype\tvolume\t-\n" + VOLUME);
    fake.answers("get", "cat '" + listing + "'");

    assertEquals(1, reader(ZFS_FUSE).below("tank").size());
  }

  @Test
  void keepsAResumeToken() throws Exception {
    String token = "1-8f2e17309-b8-789c63";
    assertEquals(
        Optional.of(token),
        one(VOLUME + "tank/v\treceive_resume_token\t" + token + "\t-\n").resumeToken());
  }

  @Test
  void findsNothingWhereZfsFindsNothing() throws Exception {
    fake.answers(
        "get",
        "[ \"$5\" = tank ] || { echo \"cannot open 'x': dataset does not exist\" >&2; exit 1; }");

    assertTrue(reader(ZFS_FUSE).one("tank/v").isEmpty());
  }

  @Test
  void readsWhatItsPoolHasWithoutTheirSnapshots() throws Exception {
    fake.answers(
        "get",
        """
        printf 'tank\\tguid\\t1\\t-\\ntank\\ttype\\tfilesystem\\t-\\n'
        printf 'tank@a\\tguid\\t2\\t-\\ntank@a\\ttype\\tsnapshot\\t-\\n'
        printf 'tank/v\\tguid\\t3\\t-\\ntank/v\\ttype\\tfilesystem\\t-\\n'
        printf 'tank/v\\torigin\\ttank/w@s\\t-\\ntank/v\\tflocker:owner\\t-\\t-\\n'
        printf 'tank/z\\tguid\\t4\\t-\\ntank/z\\ttype\\tvolume\\t-\\n'
        """);

    List<DatasetHead> heads = reader(ZFS_FUSE).heads("tank");

    assertEquals(List.of("tank/v"), heads.stream().map(DatasetHead::name).toList());
    assertEquals(Optional.of("tank/w@s"), heads.getFirst().origin());
    assertTrue(fake.calls().getFirst().startsWith("get -Hp -d 1 "), fake.calls()::toString);
  }

  @Test
  void doesNotTakeAMissingPoolForAnEmptyOne() {
    fake.answers("get", "echo \"cannot open '$1': dataset does not exist\" >&2; exit 1");

    FailureException failure =
        assertThrows(FailureException.class, () -> reader(ZFS_FUSE).one("tank/v"));
    assertEquals(StorageFailure.POOL_UNAVAILABLE, failure.failure());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tank/v\tguid\t5",
        "tank/v\tguid\t5\t-\ttoo many",
        "tank/v\tguid\tfive\t-\ntank/v\ttype\tfilesystem\t-",
        "tank/v\ttype\tfilesystem\t-"
      })
  void failsWhenALineCannotBeRead(String stdout) throws Exception {
    Path listing = Files.writeString(folder.resolve("listing"), stdout + "\n");
    fake.answers("get", "cat '" + listing + "'");

    FailureException failure =
        assertThrows(FailureException.class, () -> reader(ZFS_FUSE).below("tank"));
    assertEquals(StorageFailure.ZFS_OUTPUT_UNREADABLE, failure.failure(), failure.detail());
  }

  private Dataset one(String stdout) throws Exception {
    Path listing = Files.writeString(folder.resolve("listing"), stdout);
    fake.answers("get", "cat '" + listing + "'");
    return reader(ZFS_FUSE).one("tank/v").orElseThrow();
  }

  private DatasetReader reader(Dialect dialect) {
    Commands commands =
        new Commands(new Launch(Zfs.ASKED, "tank"), 4, new StuckChildren(), CommandObserver.NONE);
    return new DatasetReader(
        ZfsTool.zfs(fake.program(), commands, Duration.ofSeconds(30), "tank"), dialect);
  }

  private static String property(String value, String source) {
    return "tank/v\t" + OwnershipRecord.PROPERTY + "\t" + value + "\t" + source + "\n";
  }

  private static OwnershipRecord record(Guid dataset) {
    return new OwnershipRecord(
        VolumeId.random(),
        0,
        NodeId.random(),
        OwnershipState.OWNED,
        UUID.randomUUID(),
        new Guid(0),
        dataset);
  }

  private static Dialect dialect(boolean isModern) {
    Capabilities capabilities =
        new Capabilities("x", Set.of(), Set.of(), Set.of(), isModern, isModern, isModern);
    return new Dialect(capabilities, isModern, isModern, isModern, isModern);
  }

  private static Path recorded(String name) throws Exception {
    return Path.of(Objects.requireNonNull(DatasetReaderTest.class.getResource(name), name).toURI());
  }
}
