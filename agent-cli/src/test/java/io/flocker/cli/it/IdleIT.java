package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import io.flocker.core.pki.TestCluster;
import io.flocker.core.storage.TestPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node does that has nothing to do. Needs neither root nor ZFS. */
@Timeout(300)
class IdleIT {
  /** More than the pause between two rounds of what goes on beside the serving. */
  private static final long LOOK_MILLIS = 12_000;

  /** One a second would be a poll. */
  private static final long MOST_WAKES = 3;

  private static final int REPLICAS = 40;

  /** Marks a command that asks which volumes there are. */
  private static final String HEADS = "guid,type,origin,flocker:owner ";

  /** Beginnings of their names, which the kernel cuts to 15 bytes: proc_pid_comm(5). */
  private static final List<String> SLEEPERS = List.of("http-loop", "log-writer", "event-hub");

  @TempDir private Path folder;
  private TestPool pool;
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    TestCluster cluster = TestCluster.create(Files.createDirectory(folder.resolve("cluster")));
    pool =
        FakePool.create(
            Files.createDirectory(folder.resolve("node")), "bytes=0\nrate=1\npause=0\n");
    node =
        TestNode.create(
            cluster, cluster.user("tester"), pool, NodeSetup.usual().with(FakePool.programs(pool)));
    node.start();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void itsThreadsSleepUntilThereIsSomethingToDo() throws Exception {
    Await.until("all threads to sleep on", this::sleepOn);
  }

  @Test
  void startsAndLooksAfterFortyReplicasWithAsManyCommandsAsAfterNone() throws Exception {
    List<String> empty = callsOfAStart();
    for (int i = 0; i < REPLICAS; i++) {
      FakePool.addReplica(pool, NodeId.random(), "other.v" + i);
    }

    List<String> full = callsOfAStart();

    assertEquals(REPLICAS, node.client().volumes().size());
    assertEquals(withoutListing(empty), withoutListing(full));
  }

  /**
   * The pool is asked at most once which volumes it has: not at all where the sweep, which asks
   * what they hold too, has come first.
   */
  private static List<String> withoutListing(List<String> calls) {
    List<String> others = calls.stream().filter(call -> !call.contains(HEADS)).toList();
    assertTrue(calls.size() - others.size() <= 1, calls::toString);
    return others;
  }

  /** All commands of another start, and of the first round of everything, in order. */
  private List<String> callsOfAStart() throws Exception {
    node.stop();
    int before = FakePool.calls(pool).size();
    node.start();
    Await.until(
        "the end of all first rounds",
        () -> {
          int sofar = FakePool.calls(pool).size();
          Thread.sleep(LOOK_MILLIS);
          return sofar == FakePool.calls(pool).size();
        });
    List<String> calls = FakePool.calls(pool);
    return calls.subList(before, calls.size()).stream().sorted().toList();
  }

  private boolean sleepOn() throws IOException, InterruptedException {
    Map<Path, Long> before = wakes();
    Thread.sleep(LOOK_MILLIS);
    Map<Path, Long> after = wakes();
    return SLEEPERS.size() < before.size()
        && before.entrySet().stream()
            .allMatch(thread ->
                after.getOrDefault(thread.getKey(), Long.MAX_VALUE) - thread.getValue()
                    <= MOST_WAKES);
  }

  /** How often each thread has gone to sleep; there are several loops. */
  private Map<Path, Long> wakes() throws IOException {
    Map<Path, Long> wakes = new HashMap<>();
    Path threads = Path.of("/proc", Long.toString(node.daemon().pid()), "task");
    try (Stream<Path> all = Files.list(threads)) {
      for (Path thread : all.toList()) {
        if (isSleeper(thread)) {
          wakes.put(thread, voluntarySwitches(thread));
        }
      }
    }
    return wakes;
  }

  /** Those live as long as the daemon; others may have ended since they were listed. */
  private static boolean isSleeper(Path thread) throws IOException {
    try {
      String name = Files.readString(thread.resolve("comm"));
      return SLEEPERS.stream().anyMatch(name::startsWith);
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  /** See proc_pid_status(5): a thread that is only displaced by others does not count. */
  private static long voluntarySwitches(Path thread) throws IOException {
    String line = "voluntary_ctxt_switches:";
    return Files.readAllLines(thread.resolve("status")).stream()
        .filter(read -> read.startsWith(line))
        .mapToLong(read -> Long.parseLong(read.substring(line.length()).strip()))
        .sum();
  }
}
