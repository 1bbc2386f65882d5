package io.flocker.zfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.Failure;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Needs;
import io.flocker.core.storage.ResumeState;
import io.flocker.core.storage.SendRequest;
import io.flocker.core.storage.SendRequest.Full;
import io.flocker.core.storage.SendRequest.Increment;
import io.flocker.core.storage.SendRequest.Resumption;
import io.flocker.core.storage.Snapshot;
import io.flocker.core.storage.TestPool;
import io.flocker.core.storage.TestPools;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import io.flocker.core.stream.SendFlags;
import io.flocker.core.stream.StreamExpectation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams between two pools of the ZFS that answers, each judged as it passes. */
@Timeout(300)
class StreamsIT {
  private static final int MEBIBYTE = 1 << 20;
  private static final Guid NOTHING = new Guid(0);

  @RegisterExtension static final TestPools POOLS = new TestPools();

  private static TestPool here;
  private static TestPool there;
  private static ZfsStorage sender;
  private static ZfsStorage receiver;

  private final Random random = new Random(1);
  private String source = "";
  private String copy = "";
  private Path folder = Path.of("/");

  @BeforeAll
  static void makePools() throws Exception {
    here = POOLS.create(256L * MEBIBYTE);
    there = POOLS.create(96L * MEBIBYTE);
    sender = new ZfsStorage(ZfsSettings.ofPool(here.name()));
    receiver = new ZfsStorage(ZfsSettings.ofPool(there.name()));
  }

  @BeforeEach
  void makeSource() throws Exception {
    source = here.dataset("volume");
    copy = there.dataset("volume");
    folder = here.mounts().resolve("volume");
    sender.create(source, folder, 0);
    sender.mountWritable(source, folder);
    write("first", 3 * MEBIBYTE);
  }

  @AfterEach
  void destroyAll() throws Exception {
    for (ZfsStorage storage : List.of(sender, receiver)) {
      for (Dataset dataset : storage.datasets()) {
        storage.abandonReceive(dataset.name());
        if (storage.dataset(dataset.name()).isPresent()) {
          storage.unmount(dataset.name());
          storage.destroy(dataset.name());
        }
      }
    }
  }

  @Test
  @DisplayName("32 a full stream and an increment bring the same snapshots by guid")
  void movesAFullStreamAndAnIncrement() throws Exception {
    Snapshot a = sender.snapshot(source, "a");
    assertEquals(new Exit(0), push(full("a"), NOTHING, a));
    receiver.seal(copy, Map.of());

    write("second", MEBIBYTE);
    Snapshot b = sender.snapshot(source, "b");
    assertEquals(new Exit(0), push(increment("@a", "b", false), a.guid(), b));

    assertEquals(List.of(a.guid(), b.guid()), guids(receiver, copy));
    assertFalse(receiver.dataset(copy).orElseThrow().isMounted());
    assertTrue(receiver.dataset(copy).orElseThrow().isReadonly());
  }

  @Test
  @DisplayName("45 an increment has fewer bytes than a full stream")
  void sendsLessInAnIncrement() throws Exception {
    sender.snapshot(source, "a");
    write("small", 1000);
    sender.snapshot(source, "b");

    assertTrue(stream(increment("@a", "b", false)).length < stream(full("b")).length / 2);
  }

  @Test
  void movesSeveralSnapshotsAtOnce() throws Exception {
    Snapshot a = sender.snapshot(source, "a");
    write("second", MEBIBYTE);
    Snapshot b = sender.snapshot(source, "b");
    write("third", MEBIBYTE);
    Snapshot c = sender.snapshot(source, "c");
    assertEquals(new Exit(0), push(full("a"), NOTHING, a));

    assertEquals(new Exit(0), push(increment("@a", "c", true), a.guid(), b, c));

    assertEquals(List.of(a.guid(), b.guid(), c.guid()), guids(receiver, copy));
  }

  @Test
  void aCopyThatIsReadStaysReceivable() throws Exception {
    Snapshot a = sender.snapshot(source, "a");
    assertEquals(new Exit(0), push(full("a"), NOTHING, a));
    TestPools.run("zfs", "set", "mountpoint=" + there.mounts().resolve("volume"), copy);
    TestPools.run("zfs", "mount", copy);
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("first")),
        Files.readAllBytes(there.mounts().resolve("volume/first")));
    receiver.unmount(copy);

    write("second", 1000);
    Snapshot b = sender.snapshot(source, "b");
    assertEquals(new Exit(0), push(increment("@a", "b", false), a.guid(), b));
  }

  @Test
  @DisplayName("I13 I21 a copy that was changed is told as modified, and nothing is dropped")
  void tellsThatTheCopyWasModified() throws Exception {
    Snapshot a = sender.snapshot(source, "a");
    assertEquals(new Exit(0), push(full("a"), NOTHING, a));
    Path copied = there.mounts().resolve("volume");
    receiver.mountWritable(copy, copied);
    Files.writeString(copied.resolve("mine"), "mine");
    receiver.unmount(copy);
    write("second", 1000);
    sender.snapshot(source, "b");

    refused(TransferFailure.DESTINATION_MODIFIED, stream(increment("@a", "b", false)));

    receiver.mountWritable(copy, copied);
    assertEquals("mine", Files.readString(copied.resolve("mine")));
    assertEquals(List.of(a.guid()), guids(receiver, copy));
  }

  @Test
  void tellsThatTheDestinationExists() throws Exception {
    Snapshot a = sender.snapshot(source, "a");
    assertEquals(new Exit(0), push(full("a"), NOTHING, a));

    refused(TransferFailure.DESTINATION_EXISTS, stream(full("a")));
  }

  @Test
  void tellsThatTheBaseIsMissing() throws Exception {
    Snapshot a = sender.snapshot(source, "a");
    sender.snapshot(source, "b");
    write("third", 1000);
    sender.snapshot(source, "c");
    assertEquals(new Exit(0), push(full("a"), NOTHING, a));

    refused(TransferFailure.BASE_MISSING, stream(increment("@b", "c", false)));
  }

  @Test
  @DisplayName("31 I09 garbage changes nothing")
  void refusesGarbage() throws Exception {
    byte[] garbage = new byte[100_000];
    random.nextBytes(garbage);

    refused(TransferFailure.NOT_A_STREAM, garbage);
    assertTrue(receiver.dataset(copy).isEmpty());
  }

  @Test
  @DisplayName("I22 a cut first stream leaves nothing, or what can be resumed")
  void tellsThatTheStreamWasCut() throws Exception {
    sender.snapshot(source, "a");
    byte[] whole = stream(full("a"));

    refused(TransferFailure.STREAM_TRUNCATED, Arrays.copyOf(whole, whole.length / 2));

    if (receiver.capabilities().canResume()) {
      assertTrue(receiver.dataset(copy).orElseThrow().resumeToken().isPresent());
      receiver.abandonReceive(copy);
      receiver.abandonReceive(copy);
    }
    assertTrue(receiver.dataset(copy).isEmpty());
  }

  @Test
  @DisplayName("I08 a flipped byte is told as corruption")
  void tellsThatTheStreamIsCorrupt() throws Exception {
    sender.snapshot(source, "a");
    byte[] flipped = stream(full("a"));
    flipped[flipped.length / 2] ^= 1;

    Failure failure = explained(flipped).failure();
    // With -s the words are "checksum mismatch or incomplete stream".
    assertTrue(
        List.of(TransferFailure.STREAM_CORRUPT, TransferFailure.STREAM_TRUNCATED).contains(failure),
        failure.toString());
  }

  @Test
  @DisplayName("I14 a receiver that is full says so, and old data stays")
  void tellsThatThePoolIsFull() throws Exception {
    Snapshot a = sender.snapshot(source, "a");
    assertEquals(new Exit(0), push(full("a"), NOTHING, a));
    write("large", 100 * MEBIBYTE);
    sender.snapshot(source, "b");

    refused(StorageFailure.NO_SPACE, stream(increment("@a", "b", false)));
    receiver.abandonReceive(copy);
    assertEquals(List.of(a.guid()), guids(receiver, copy));
  }

  @Test
  void tellsThatASnapshotToSendIsMissing() throws Exception {
    Child child = sender.send(full("none"), MEBIBYTE);
    Exit exit = Pump.exit(child);
    child.close();

    FailureException failure = sender.explain(source, child, exit.code());
    assertEquals(StorageFailure.DATASET_NOT_FOUND, failure.failure(), failure.detail());
  }

  @Test
  @DisplayName("R01 R03 a cut stream is resumed by the token that was decoded")
  void resumesACutStream() throws Exception {
    Snapshot a = sender.snapshot(source, "a");
    byte[] whole = stream(full("a"));
    try (Child child = receiver.receive(copy, MEBIBYTE)) {
      Exit cut = Pump.feed(child, Arrays.copyOf(whole, whole.length - 200_000));
      assertFalse(cut.isSuccess());
    }
    boolean canResume = receiver.capabilities().canResume();
    assertTrue(
        canResume || receiver.dataset(copy).isEmpty(), "where nothing is resumed, nothing is left");
    Needs.ability(canResume, Needs.Ability.RESUME);
    String token = receiver.dataset(copy).orElseThrow().resumeToken().orElseThrow();
    ResumeState state = receiver.decodeResumeToken(token);
    assertEquals(a.guid(), state.to());
    assertEquals(source + "@a", state.toName());
    assertTrue(state.from().isEmpty());

    byte[] rest = stream(new Resumption(source, token));
    Pump.inspect(
        receiver.inspector(new StreamExpectation(NOTHING, List.of(a.guid()), SendFlags.NONE, true)),
        rest);
    try (Child child = receiver.receive(copy, MEBIBYTE)) {
      assertEquals(new Exit(0), Pump.feed(child, rest), child.stderrTail());
    }
    assertTrue(rest.length < whole.length);
    assertEquals(List.of(a.guid()), guids(receiver, copy));
  }

  @Test
  @DisplayName("P03 an increment is sent from a bookmark when the snapshot is gone")
  void sendsFromABookmark() throws Exception {
    Snapshot a = sender.snapshot(source, "a");
    assertEquals(new Exit(0), push(full("a"), NOTHING, a));
    boolean canBookmark = sender.capabilities().canBookmark();
    if (!canBookmark) {
      assertThrows(FailureException.class, () -> sender.bookmark(source, "a", "mark"));
    }
    Needs.ability(canBookmark, Needs.Ability.BOOKMARKS);
    sender.bookmark(source, "a", "mark");
    sender.destroySnapshot(source, "a");
    write("second", 1000);
    Snapshot b = sender.snapshot(source, "b");

    assertEquals(new Exit(0), push(increment("#mark", "b", false), a.guid(), b));
  }

  @Test
  void estimatesWhereItCan() throws Exception {
    sender.snapshot(source, "a");
    var estimate = sender.estimate(full("a"));

    assertEquals(sender.capabilities().canEstimate(), estimate.isPresent());
    estimate.ifPresent(bytes -> assertTrue(bytes > 3 * MEBIBYTE && bytes < 4 * MEBIBYTE));
  }

  @Test
  void sendsWithEveryFlagThatItHas() throws Exception {
    Snapshot a = sender.snapshot(source, "a");
    boolean hasFlags = sender.capabilities().sendFlags().containsAll(List.of("L", "e", "c", "w"));
    List<SendFlags> all =
        hasFlags
            ? List.of(
                new SendFlags(true, true, true, false), new SendFlags(false, false, false, true))
            : List.of(SendFlags.NONE);
    for (SendFlags flags : all) {
      byte[] bytes = stream(new Full(source, "a", flags));
      Pump.inspect(
          receiver.inspector(new StreamExpectation(NOTHING, List.of(a.guid()), flags, false)),
          bytes);
    }
  }

  private void write(String name, int bytes) throws Exception {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    Files.write(folder.resolve(name), content);
  }

  private SendRequest full(String snapshot) {
    return new Full(source, snapshot, SendFlags.NONE);
  }

  private SendRequest increment(String base, String snapshot, boolean withIntermediates) {
    return new Increment(source, base, snapshot, withIntermediates, SendFlags.NONE);
  }

  private static byte[] stream(SendRequest request) throws Exception {
    return Pump.drain(sender.send(request, MEBIBYTE));
  }

  private Exit push(SendRequest request, Guid from, Snapshot... snapshots) throws Exception {
    byte[] bytes = stream(request);
    List<Guid> guids = Arrays.stream(snapshots).map(Snapshot::guid).toList();
    Pump.inspect(
        receiver.inspector(new StreamExpectation(from, guids, SendFlags.NONE, false)), bytes);
    try (Child child = receiver.receive(copy, MEBIBYTE)) {
      return Pump.feed(child, bytes);
    }
  }

  private void refused(Failure expected, byte[] bytes) throws Exception {
    FailureException failure = explained(bytes);
    assertEquals(expected, failure.failure(), failure.detail());
  }

  private FailureException explained(byte[] bytes) throws Exception {
    try (Child child = receiver.receive(copy, MEBIBYTE)) {
      Exit exit = Pump.feed(child, bytes);
      assertFalse(exit.isSuccess());
      return receiver.explain(copy, child, exit.code());
    }
  }

  private static List<Guid> guids(ZfsStorage storage, String dataset) throws Exception {
    return storage.dataset(dataset).orElseThrow().snapshots().stream().map(Snapshot::guid).toList();
  }
}
