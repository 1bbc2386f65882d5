package io.flocker.zfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.Guid;
import io.flocker.core.os.FileSystemEvents;
import io.flocker.core.os.FileSystemEvents.Happened;
import io.flocker.core.replicate.change.PoolNews;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Needs;
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
import io.flocker.zfs.event.PoolEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What zfs-fuse is not able to do; init/with-openzfs has what is. */
@Timeout(900)
class OpenZfsIT {
  private static final int MEBIBYTE = 1 << 20;
  private static final int KEY_BYTES = 32;
  private static final Guid NOTHING = new Guid(0);
  private static final SendFlags RAW = new SendFlags(false, false, false, true);
  private static final SendFlags AS_STORED = new SendFlags(true, true, true, false);

  @RegisterExtension static final TestPools POOLS = new TestPools();

  @TempDir static Path keys;

  private static TestPool here;
  private static TestPool there;
  private static TestPool locked;
  private static ZfsStorage sender;
  private static ZfsStorage receiver;

  private final Random random = new Random(1);
  private String source = "";
  private String copy = "";
  private Path folder = Path.of("/");

  @BeforeAll
  static void makePools() throws Exception {
    here = POOLS.create(128L * MEBIBYTE);
    there = POOLS.create(128L * MEBIBYTE);
    sender = new ZfsStorage(ZfsSettings.ofPool(here.name()));
    receiver = new ZfsStorage(ZfsSettings.ofPool(there.name()));
    locked = encrypts() ? POOLS.create(128L * MEBIBYTE, encryption()) : there;
  }

  @BeforeEach
  void names() throws Exception {
    Needs.ability(encrypts(), Needs.Ability.ENCRYPTION);
    source = here.dataset("volume");
    copy = there.dataset("volume");
    folder = here.mounts().resolve("volume");
  }

  @AfterEach
  void destroyAll() throws Exception {
    for (TestPool pool : List.of(here, there, locked)) {
      TestPools.run("zfs", "receive", "-A", pool.dataset("volume"));
      TestPools.run("zfs", "destroy", "-rf", pool.dataset("volume"));
    }
  }

  @Test
  @DisplayName("R01 what is cut again and again comes whole, with less than twice its bytes")
  void goesOnAgainAndAgain() throws Exception {
    create();
    write("first", 4 * MEBIBYTE);
    Snapshot a = sender.snapshot(source, "a");
    SendRequest next = full("a", SendFlags.NONE);
    int whole = stream(next).length;
    int sent = 0;
    while (sent < 2 * whole && snapshots(copy).isEmpty()) {
      byte[] stream = stream(next);
      byte[] part = Arrays.copyOf(stream, Math.min(stream.length, 3 * MEBIBYTE / 2));
      Exit _ = feed(copy, part);
      sent += part.length;
      Optional<String> token = receiver.dataset(copy).flatMap(Dataset::resumeToken);
      next = token.isPresent() ? new Resumption(source, token.get()) : next;
    }

    assertEquals(List.of(a.guid()), snapshots(copy));
    assertTrue(sent < 2 * whole, sent + " bytes of " + whole);
  }

  @Test
  @DisplayName("R02 R17 a cut increment goes on, and its copy keeps what it was sealed with")
  void goesOnWithAnIncrement() throws Exception {
    create();
    Snapshot a = sender.snapshot(source, "a");
    assertEquals(new Exit(0), feed(copy, stream(full("a", SendFlags.NONE))));
    receiver.seal(copy, Map.of("compression", "gzip"));
    Snapshot b = cutIncrement();

    String token = receiver.dataset(copy).orElseThrow().resumeToken().orElseThrow();
    byte[] rest = stream(new Resumption(source, token));
    Pump.inspect(
        receiver.inspector(
            new StreamExpectation(a.guid(), List.of(b.guid()), SendFlags.NONE, true)),
        rest);
    assertEquals(new Exit(0), feed(copy, rest));

    assertEquals(List.of(a.guid(), b.guid()), snapshots(copy));
    for (String kept : List.of("compression=gzip", "canmount=noauto", "devices=off", "exec=off")) {
      String[] property = kept.split("=", -1);
      assertEquals(List.of(property[1], "local"), property(copy, property[0]), kept);
    }
    assertFalse(receiver.dataset(copy).orElseThrow().isMounted());
    assertTrue(receiver.dataset(copy).orElseThrow().isReadonly());
  }

  @Test
  @DisplayName("R11 half of an increment hinders neither a rollback nor a rename nor a destruction")
  void whatWasReceivedHalfHindersNothing() throws Exception {
    create();
    Snapshot a = sender.snapshot(source, "a");
    assertEquals(new Exit(0), feed(copy, stream(full("a", SendFlags.NONE))));
    receiver.seal(copy, Map.of());
    Snapshot _ = cutIncrement();

    receiver.rollBack(copy, "a", false);
    String renamed = there.dataset("renamed");
    receiver.rename(copy, renamed);
    assertEquals(List.of(a.guid()), snapshots(renamed));
    receiver.rename(renamed, copy);
    receiver.destroy(copy);

    assertTrue(receiver.dataset(copy).isEmpty());
  }

  @Test
  void blocksTravelAsTheyAreStored() throws Exception {
    create();
    Files.writeString(folder.resolve("small"), "embedded in its pointer ".repeat(20));
    Files.writeString(folder.resolve("large"), "compressed ".repeat(500_000));
    Snapshot a = sender.snapshot(source, "a");
    byte[] bytes = stream(full("a", AS_STORED));
    Pump.inspect(
        receiver.inspector(new StreamExpectation(NOTHING, List.of(a.guid()), AS_STORED, false)),
        bytes);
    assertEquals(new Exit(0), feed(copy, bytes));
    receiver.seal(copy, Map.of());

    assertTrue(bytes.length < MEBIBYTE, "bytes: " + bytes.length);
    assertSame(there, copy, "small", "large");
  }

  @Test
  void rawStreamsAreReadWithTheKeyAlone() throws Exception {
    createEncrypted();
    Snapshot a = sender.snapshot(source, "a");
    assertEquals(new Exit(0), feed(copy, stream(full("a", RAW))));
    receiver.seal(copy, Map.of());
    write("second", MEBIBYTE);
    Snapshot b = sender.snapshot(source, "b");
    byte[] bytes = stream(new Increment(source, "@a", "b", false, RAW));
    Pump.inspect(
        receiver.inspector(new StreamExpectation(a.guid(), List.of(b.guid()), RAW, false)), bytes);
    assertEquals(new Exit(0), feed(copy, bytes));

    assertTrue(sender.isEncrypted(source));
    assertTrue(receiver.isEncrypted(copy));
    assertEquals("unavailable", property(copy, "keystatus").getFirst());
    assertEquals(
        "", TestPools.run("zfs", "load-key", "-L", "file://" + keys.resolve("key"), copy).strip());
    assertSame(there, copy, "first", "second");
  }

  @Test
  void aPlainIncrementIsNoneOfARawCopy() throws Exception {
    createEncrypted();
    Snapshot a = sender.snapshot(source, "a");
    assertEquals(new Exit(0), feed(copy, stream(full("a", RAW))));
    receiver.seal(copy, Map.of());
    write("second", MEBIBYTE);
    Snapshot _ = sender.snapshot(source, "b");

    assertFalse(
        feed(copy, stream(new Increment(source, "@a", "b", false, SendFlags.NONE))).isSuccess());
    assertEquals(List.of(a.guid()), snapshots(copy));
  }

  @Test
  @DisplayName("I26 a raw stream changes nothing of a dataset that was there before")
  void aRawFirstCopyReplacesNothing() throws Exception {
    createEncrypted();
    Snapshot _ = sender.snapshot(source, "a");
    receiver.create(copy, there.mounts().resolve("volume"), 0);
    Guid before = receiver.dataset(copy).orElseThrow().guid();

    assertFalse(feed(copy, stream(full("a", RAW))).isSuccess());

    assertEquals(before, receiver.dataset(copy).orElseThrow().guid());
    assertFalse(receiver.isEncrypted(copy));
  }

  @Test
  @DisplayName("I27 a plain copy in an encrypted pool is read by the pool's key")
  void aPlainCopyTakesThePoolsKey() throws Exception {
    createEncrypted();
    Snapshot _ = sender.snapshot(source, "a");
    ZfsStorage lockedStorage = new ZfsStorage(ZfsSettings.ofPool(locked.name()));
    String inside = locked.dataset("volume");
    byte[] bytes = stream(full("a", AS_STORED));
    try (Child child = lockedStorage.receive(inside, MEBIBYTE)) {
      assertEquals(new Exit(0), Pump.feed(child, bytes), child.stderrTail());
    }
    lockedStorage.seal(inside, Map.of());

    assertEquals(locked.name(), property(inside, "encryptionroot").getFirst());
    assertEquals("available", property(inside, "keystatus").getFirst());
    assertSame(locked, inside, "first");
  }

  @Test
  void aKeyThatIsNotLoadedIsTold() throws Exception {
    createEncrypted();
    Snapshot _ = sender.snapshot(source, "a");
    sender.unmount(source);
    TestPools.run("zfs", "unload-key", source);

    try (Child child = sender.send(full("a", SendFlags.NONE), MEBIBYTE)) {
      Exit exit = Pump.exit(child);
      assertFalse(exit.isSuccess());
      assertEquals(
          StorageFailure.KEY_UNAVAILABLE, sender.explain(source, child, exit.code()).failure());
    }
  }

  @Test
  @DisplayName("S03 what the pool tells of itself is told on")
  void hearsThePool() throws Exception {
    create();
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    PoolNews news =
        new PoolNews() {
          @Override
          public void happened(String dataset) {
            told.add(dataset);
          }

          @Override
          public void missed() {
            told.add("missed");
          }
        };
    String other = source + "/other";
    assertEquals("", TestPools.run("zfs", "create", "-o", "mountpoint=none", other));
    assertEquals("", TestPools.run("zfs", "snapshot", other + "@a"));
    try (PoolEvents _ = sender.events(news)) {
      // The child may be slower to begin than the first one is taken: what follows is told.
      int taken = 0;
      while (told.isEmpty() && taken < 100) {
        taken++;
        Snapshot _ = sender.snapshot(source, "by-hand-" + taken);
        TimeUnit.MILLISECONDS.sleep(100);
      }
      assertEquals(source, told.poll(60, TimeUnit.SECONDS));

      assertEquals("", TestPools.run("zfs", "rollback", other + "@a"));
      awaitTold(told, other);

      String received = source + "/received";
      String receive = "zfs send %s@a | zfs receive -u %s".formatted(other, received);
      assertEquals("", TestPools.run("sh", "-c", receive));
      awaitTold(told, received);
    }
  }

  @Test
  void aVolumeTellsOfWhatIsWrittenInAnyOfItsFoldersAndCanBeUnmounted() throws Exception {
    create();
    Path deep = Files.createDirectories(folder.resolve("a/b/c"));
    try (FileSystemEvents events = FileSystemEvents.open()) {
      long number = events.mark(folder).orElseThrow();
      CompletableFuture<Optional<Happened>> next =
          CompletableFuture.supplyAsync(() -> {
            try {
              return events.take();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });

      Files.writeString(deep.resolve("file"), "text");

      assertEquals(
          Optional.of(new Happened(Set.of(number), false)), next.get(60, TimeUnit.SECONDS));
      assertEquals("", TestPools.run("zfs", "unmount", source));
      assertEquals(OptionalLong.empty(), events.mark(folder), "nothing is mounted there");
    }
  }

  /** Waits until that dataset was told of, whatever else is. */
  private static void awaitTold(BlockingQueue<String> told, String dataset) throws Exception {
    String next = told.poll(60, TimeUnit.SECONDS);
    while (next != null && !dataset.equals(next)) {
      next = told.poll(60, TimeUnit.SECONDS);
    }
    assertEquals(dataset, next);
  }

  private static boolean encrypts() throws Exception {
    return sender.capabilities().poolFeatures().contains("encryption");
  }

  private static String[] encryption() throws Exception {
    Path key = keys.resolve("key");
    if (Files.notExists(key)) {
      Files.write(key, new byte[KEY_BYTES]);
    }
    return new String[] {"encryption=aes-256-gcm", "keyformat=raw", "keylocation=file://" + key};
  }

  private void create() throws Exception {
    sender.create(source, folder, 0);
    sender.mountWritable(source, folder);
  }

  private void createEncrypted() throws Exception {
    List<String> command = new ArrayList<>(List.of("zfs", "create", "-u"));
    for (String option : encryption()) {
      command.addAll(List.of("-o", option));
    }
    command.addAll(List.of("-o", "canmount=noauto", "-o", "mountpoint=" + folder, source));
    assertEquals("", TestPools.run(command.toArray(String[]::new)));
    sender.mountWritable(source, folder);
    write("first", MEBIBYTE);
  }

  /** Takes the snapshot b, and cuts its stream. */
  private Snapshot cutIncrement() throws Exception {
    write("second", 2 * MEBIBYTE);
    Snapshot b = sender.snapshot(source, "b");
    byte[] bytes = stream(new Increment(source, "@a", "b", false, SendFlags.NONE));
    assertFalse(feed(copy, Arrays.copyOf(bytes, bytes.length / 2)).isSuccess());
    assertTrue(receiver.dataset(copy).orElseThrow().resumeToken().isPresent());
    return b;
  }

  private void write(String name, int bytes) throws Exception {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    Files.write(folder.resolve(name), content);
  }

  private SendRequest full(String snapshot, SendFlags flags) {
    return new Full(source, snapshot, flags);
  }

  private static byte[] stream(SendRequest request) throws Exception {
    return Pump.drain(sender.send(request, MEBIBYTE));
  }

  private static Exit feed(String dataset, byte[] bytes) throws Exception {
    try (Child child = receiver.receive(dataset, MEBIBYTE)) {
      return Pump.feed(child, bytes);
    }
  }

  private static List<Guid> snapshots(String dataset) throws Exception {
    return receiver.dataset(dataset).stream()
        .flatMap(found -> found.snapshots().stream())
        .map(Snapshot::guid)
        .toList();
  }

  /** The value of a property, and where it was set. */
  private static List<String> property(String dataset, String property) throws Exception {
    return List.of(
        TestPools.run("zfs", "get", "-Hp", "-o", "value,source", property, dataset)
            .strip()
            .split("\t", -1));
  }

  private void assertSame(TestPool pool, String dataset, String... files) throws Exception {
    Path mounted = pool.mounts().resolve("volume");
    TestPools.run("zfs", "set", "mountpoint=" + mounted, dataset);
    assertEquals("", TestPools.run("zfs", "mount", dataset));
    for (String file : files) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve(file)), Files.readAllBytes(mounted.resolve(file)));
    }
  }
}
