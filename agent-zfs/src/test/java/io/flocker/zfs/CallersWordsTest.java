package io.flocker.zfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.os.Descriptors;
import io.flocker.core.storage.SendRequest;
import io.flocker.core.storage.Storage;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.SendFlags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every question and change of a storage that fails in every way: callers are told of the dataset
 * and the reason, in no word of commands or of Java.
 */
class CallersWordsTest {
  private static final String DATASET = "tank/v";

  /** A program with its arguments, an option, or a class. */
  private static final Pattern FOREIGN =
      Pattern.compile(
          "/zfs |\\bzfs [a-z]|\\bzpool [a-z]| -[A-Za-z]\\b|Exception|\\b(java|io)\\.[a-z]+\\.");

  /** How the program answers each subcommand but those of the probe. */
  private static final Map<String, String> FAULTS =
      Map.of(
          "silent", "exit 1",
          "refused", "echo \"cannot open 'tank/v': out of order\" >&2; exit 1",
          "advised",
              "echo \"cannot do it to tank/v: no. Run 'zfs holds -r tank/v@s' to see.\" >&2; exit"
                  + " 1",
          "killed", "kill -9 $$",
          "misunderstood", "printf \"invalid option 'H'\\nusage:\\n\\tget [-rHp]\\n\" >&2; exit 2",
          "garbled", "echo one two three",
          "stuck", "exec sleep 300");

  private static final List<String> SUBCOMMANDS =
      List.of(
          "get",
          "set",
          "inherit",
          "list",
          "create",
          "clone",
          "snapshot",
          "destroy",
          "rollback",
          "hold",
          "holds",
          "release",
          "rename",
          "mount",
          "unmount",
          "send",
          "receive");

  /** Of the deeds; the others do not ask, or take any answer. */
  private static final int MOSTLY = 12;

  private interface Deed {
    void run(Storage storage) throws FailureException;
  }

  private static Map<String, Deed> deeds() {
    Path mountpoint = Path.of("/nowhere/v");
    Map<String, Deed> deeds = new LinkedHashMap<>();
    deeds.put("pool", Storage::pool);
    deeds.put("free", Storage::freeBytes);
    deeds.put("mark", storage -> storage.markPool(NodeId.random()));
    deeds.put("guard", Storage::guardPool);
    deeds.put("datasets", Storage::datasets);
    deeds.put("heads", Storage::heads);
    deeds.put("dataset", storage -> storage.dataset(DATASET));
    deeds.put("create", storage -> storage.create(DATASET, mountpoint, 1 << 20));
    deeds.put("clone", storage -> storage.cloneSnapshot(DATASET, "s", "tank/w", 0));
    deeds.put("snapshot", storage -> storage.snapshot(DATASET, "s"));
    deeds.put("destroy snapshot", storage -> storage.destroySnapshot(DATASET, "s"));
    deeds.put("rename snapshot", storage -> storage.renameSnapshot(DATASET, "s", "t"));
    deeds.put("roll back", storage -> storage.rollBack(DATASET, "s", true));
    deeds.put("hold", storage -> storage.hold(DATASET, "s", "tag"));
    deeds.put("release", storage -> storage.release(DATASET, "s", "tag"));
    deeds.put("property", storage -> storage.setProperty(DATASET, "compression", "on"));
    deeds.put("quota", storage -> storage.setQuota(DATASET, 1 << 20));
    deeds.put("destroy", storage -> storage.destroy(DATASET));
    deeds.put("rename", storage -> storage.rename(DATASET, "tank/w"));
    deeds.put("readonly", storage -> storage.setReadonly(DATASET, true));
    deeds.put("seal", storage -> storage.seal(DATASET, Map.of()));
    deeds.put("mount readonly", storage -> storage.mountReadonly(DATASET));
    deeds.put("unmount", storage -> storage.unmount(DATASET));
    deeds.put(
        "send",
        storage ->
            end(storage, storage.send(new SendRequest.Full(DATASET, "s", SendFlags.NONE), 4_096)));
    deeds.put("receive", storage -> end(storage, storage.receive(DATASET, 4_096)));
    deeds.put("failed receive", storage -> storage.afterFailedReceive(DATASET, Optional.empty()));
    return deeds;
  }

  @TestFactory
  Stream<DynamicTest> tellsOfTheDatasetAndTheReason(@TempDir Path folder) {
    return FAULTS.entrySet().stream()
        .map(fault ->
            DynamicTest.dynamicTest(
                fault.getKey(), () -> walk(folder.resolve(fault.getKey()), fault.getValue())));
  }

  private static void walk(Path folder, String fault) throws Exception {
    FakeZfs fake = new FakeZfs(Files.createDirectory(folder)).answers("get", "exit 0");
    Duration usual = Duration.ofSeconds(30);
    Duration deadline = fault.contains("sleep") ? Duration.ofMillis(500) : usual;
    ZfsSettings settings =
        new ZfsSettings(fake.program(), fake.program(), "tank", 4, deadline, deadline, deadline);
    Storage probing = new ZfsStorage(settings);
    probing.capabilities();
    for (String subcommand : SUBCOMMANDS) {
      fake.answers(subcommand, fault);
    }
    int failed = 0;
    for (Map.Entry<String, Deed> deed : deeds().entrySet()) {
      try {
        deed.getValue().run(probing);
      } catch (FailureException e) {
        failed++;
        String where = deed.getKey() + ": " + e.detail();
        assertFalse(FOREIGN.matcher(e.detail()).find(), where);
        assertFalse(e.detail().contains(fake.program().toString()), where);
        boolean isNamed = e.detail().contains("tank");
        assertTrue(isNamed || e.failure() == StorageFailure.ZFS_OUTPUT_UNREADABLE, where);
      }
    }
    assertTrue(failed >= MOSTLY, "only " + failed + " have failed");
  }

  /** Nobody can start what is not there. */
  @Test
  void tellsThatThereIsNoProgram() {
    Path nowhere = Path.of("/nowhere/zfs");
    Storage storage =
        new ZfsStorage(
            new ZfsSettings(
                nowhere,
                nowhere,
                "tank",
                4,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30)));

    FailureException failure = assertThrows(FailureException.class, () -> storage.dataset(DATASET));

    assertEquals("/nowhere/zfs cannot be started: No such file or directory", failure.detail());
  }

  private static Object end(Storage storage, Child child) throws FailureException {
    Descriptors.close(child.takeDescriptor());
    child.close();
    int exit = child.exit().toCompletableFuture().join().code();
    throw storage.explain(DATASET, child, exit);
  }
}
