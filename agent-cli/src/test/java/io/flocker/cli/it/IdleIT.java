package io.flocker.cli.it;

import io.flocker.core.pki.TestCluster;
import io.flocker.core.storage.TestPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node does that has nothing to do. Needs neither root nor ZFS. */
@Timeout(300)
class IdleIT {
  private static final long LOOK_MILLIS = 6_000;

  /** One a second or more would be a poll. */
  private static final long MOST_WAKES = 2;

  /** Beginnings of their names, which the kernel cuts to 15 bytes: proc_pid_comm(5). */
  private static final List<String> SLEEPERS = List.of("http-loop", "log-writer", "event-hub");

  @TempDir private Path folder;
  private TestNode node;

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void itsThreadsSleepUntilThereIsSomethingToDo() throws Exception {
    TestCluster cluster = TestCluster.create(Files.createDirectory(folder.resolve("cluster")));
    TestPool pool =
        FakePool.create(
            Files.createDirectory(folder.resolve("node")), "bytes=0\nrate=1\npause=0\n");
    node =
        TestNode.create(
            cluster, cluster.user("tester"), pool, NodeSetup.usual().with(FakePool.programs(pool)));
    node.start();

    Await.until("all threads to sleep on", this::sleepOn);
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
        String name = Files.readString(thread.resolve("comm"));
        if (SLEEPERS.stream().anyMatch(name::startsWith)) {
          wakes.put(thread, voluntarySwitches(thread));
        }
      }
    }
    return wakes;
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
