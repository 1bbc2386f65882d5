package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.plan.InitialReplication;
import io.flocker.core.replicate.CopyStatus;
import io.flocker.core.replicate.policy.Policy;
import io.flocker.core.retention.RetentionRules;
import io.flocker.http.api.VolumeDocument;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A volume that is written to all the time, whose copy follows while all that it relies on fails,
 * fault after fault, in an order that the seed shuffles. {@code benchmarks/replication} has this
 * done for longer.
 */
@Timeout(7200)
class ReplicationSoak {
  private static final Duration LONG =
      Duration.ofSeconds(Integer.getInteger("flocker.soak.seconds", 60));
  private static final long SEED = Long.getLong("flocker.soak.seed", 1);
  private static final String REPORT = System.getProperty("flocker.report", "");

  /** Within what time the lag is to be what the policy allows again. */
  private static final Duration SOON =
      Duration.ofSeconds(Integer.getInteger("flocker.soak.soon", 30));

  /** Nobody waits longer than that for anything. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration MAX_LAG = Duration.ofSeconds(10);
  private static final int MEBIBYTE = 1 << 20;
  private static final int FILES = 16;
  private static final int MOST_BYTES = 256 << 10;

  /** What both sides may have at any moment: by the rules, bases of pushes, and one on its way. */
  private static final int MOST_SNAPSHOTS = 12;

  @RegisterExtension
  static final TwoNodes NODES = TwoNodes.apart(NodeSetup.usual().withPool(160L * MEBIBYTE));

  private final Random random = new Random(SEED);
  private final Map<String, List<Long>> recoveries = new TreeMap<>();
  private final Map<String, Integer> most = new TreeMap<>();
  private final Map<String, List<Integer>> rows = new TreeMap<>();
  private final Map<TestNode, VolumeDocument> fillers = new HashMap<>();
  private final List<String> late = new ArrayList<>();
  private final ReentrantLock writing = new ReentrantLock();
  private final long started = System.nanoTime();
  private TestNode owner = NODES.first();
  private TestNode peer = NODES.second();
  private int compared;
  private final AtomicLong writes = new AtomicLong();
  private volatile Path folder = Path.of("/");
  private volatile boolean hasEnded;
  private Optional<Exception> unwritten = Optional.empty();

  /** Something that goes wrong, and is as before when it returns. */
  private interface Fault {
    void happen(VolumeDocument volume) throws Exception;
  }

  private record Kind(String name, Fault fault) {}

  private final List<Kind> kinds =
      List.of(
          new Kind("link cut", _ -> cutLink()),
          new Kind("owner's daemon killed", _ -> killDaemon(owner)),
          new Kind("peer's daemon killed", _ -> killDaemon(peer)),
          new Kind("peer's disk full", _ -> fillPeer()),
          new Kind("peer's pool exported", _ -> exportPool()),
          new Kind("policy changed", this::changePolicy),
          new Kind("handoff", this::handOff));

  @Test
  @DisplayName("whatever fails meanwhile, the copy follows by itself, and nothing grows or is lost")
  void theCopyFollows() throws Exception {
    VolumeDocument volume = owner.create("replication.soak");
    folder = TestNode.folder(volume);
    var _ = owner.client().putReplication(volume.id(), policy(1));
    Thread writer = Thread.ofVirtual().name("writer").start(this::write);
    try {
      compare(volume);
      List<Kind> left = new ArrayList<>();
      while (Duration.ofNanos(System.nanoTime() - started).compareTo(LONG) < 0) {
        if (left.isEmpty()) {
          left.addAll(kinds);
          Collections.shuffle(left, random);
        }
        Kind kind = left.removeLast();
        say(kind.name());
        kind.fault().happen(volume);
        recovered(kind, volume);
        compare(volume);
        count(volume);
      }
    } finally {
      hasEnded = true;
      writer.join();
    }
    judge();
  }

  private Policy policy(int seconds) {
    return new Policy(
        List.of(peer.id()),
        MAX_LAG,
        Duration.ofSeconds(seconds),
        InitialReplication.ALL,
        RetentionRules.ofLast(3),
        Optional.empty());
  }

  // ------------------------------------------------------------------------------- the writer

  private void write() {
    Random noise = new Random(SEED);
    while (!hasEnded) {
      writing.lock();
      try {
        byte[] bytes = new byte[1 + noise.nextInt(MOST_BYTES)];
        noise.nextBytes(bytes);
        try (FileChannel file =
            FileChannel.open(
                folder.resolve("file-" + noise.nextInt(FILES)),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
          int _ = file.write(ByteBuffer.wrap(bytes), noise.nextInt(4) * (long) MOST_BYTES);
          file.force(true);
        }
        long _ = writes.incrementAndGet();
      } catch (IOException e) {
        unwritten = Optional.of(e);
        return;
      } finally {
        writing.unlock();
      }
      LockSupport.parkNanos(Duration.ofMillis(noise.nextInt(400)).toNanos());
    }
  }

  // ------------------------------------------------------------------------------- the faults

  private void cutLink() throws Exception {
    NODES.network().part();
    pause(8_000);
    NODES.network().join();
  }

  private void killDaemon(TestNode node) throws Exception {
    pause(2_000);
    node.daemon().kill();
    pause(4_000);
    node.start();
  }

  private void fillPeer() throws Exception {
    VolumeDocument filler = fillers.get(peer);
    if (filler == null) {
      filler = peer.create("replication.filler-" + fillers.size());
      fillers.put(peer, filler);
    }
    Path filling = TestNode.folder(filler).resolve("filling");
    byte[] noise = new byte[MEBIBYTE];
    random.nextBytes(noise);
    try (FileChannel file =
        FileChannel.open(filling, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (file.write(ByteBuffer.wrap(noise)) > 0) {
        file.force(true);
      }
    } catch (IOException _) {
      // As full as it can be.
    }
    pause(8_000);
    patiently("the filling to go", () -> Files.deleteIfExists(filling) || Files.notExists(filling));
  }

  private void exportPool() throws Exception {
    String pool = peer.pool().name();
    patiently("the pool to be exported", () -> zpool("export", "-f", pool));
    pause(8_000);
    patiently(
        "the pool to be imported",
        () -> zpool("import", "-d", peer.pool().folder().toString(), pool));
  }

  private void changePolicy(VolumeDocument volume) throws Exception {
    patiently(
        "the policy to be changed",
        () -> {
          var _ = owner.client().putReplication(volume.id(), policy(1 + random.nextInt(3)));
          return true;
        });
  }

  /** There or back; whoever writes stops for it, and goes on at the new owner. */
  private void handOff(VolumeDocument volume) throws Exception {
    writing.lock();
    try {
      patiently(
          "the handoff",
          () -> owner.finish(owner.client().handoff(volume.id(), peer.id())).problem().isEmpty());
      TestNode before = owner;
      owner = peer;
      peer = before;
      patiently("the volume to be mounted", () -> owner.volume(volume.id()).mounted());
      folder = TestNode.folder(owner.volume(volume.id()));
    } finally {
      writing.unlock();
    }
  }

  // ------------------------------------------------------------------------------- the judgement

  /** From the end of the fault until the copy is no further behind than the policy allows. */
  private void recovered(Kind kind, VolumeDocument volume) throws Exception {
    long begun = System.nanoTime();
    patiently("the copy to be current", () -> isCurrent(volume));
    long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
    recoveries.computeIfAbsent(kind.name(), _ -> new ArrayList<>()).add(millis);
    if (millis > SOON.toMillis()) {
      late.add(kind.name() + " took " + millis + " ms: " + copy(volume));
    }
    say("%s: current after %d ms".formatted(kind.name(), millis));
  }

  /** Nobody writes for a moment, and the peer's newest snapshot holds every byte. */
  private void compare(VolumeDocument volume) throws Exception {
    writing.lock();
    try {
      assertEquals(Optional.empty(), unwritten);
      Content content = Content.of(folder);
      patiently("the peer to have every byte", () -> hasAll(volume, content));
      compared++;
    } finally {
      writing.unlock();
    }
  }

  private boolean hasAll(VolumeDocument volume, Content content) throws Exception {
    if (copy(volume).filter(copy -> copy.lagSeconds() == 0).isEmpty()) {
      return false;
    }
    VolumeDocument there = peer.volume(volume.id());
    return Zfs.content(
            peer.pool(), there.dataset() + "@" + there.latestSnapshot().orElseThrow().name())
        .equals(content);
  }

  private boolean isCurrent(VolumeDocument volume) throws Exception {
    return copy(volume).filter(copy -> copy.state() == CopyStatus.State.CURRENT).isPresent();
  }

  private Optional<CopyStatus> copy(VolumeDocument volume) throws Exception {
    return owner.client().copies().stream()
        .filter(copy -> copy.volume().equals(volume.id()))
        .findFirst();
  }

  private void count(VolumeDocument volume) throws Exception {
    for (TestNode node : List.of(NODES.first(), NODES.second())) {
      String name = node == NODES.first() ? "first" : "second";
      String dataset = node.volume(volume.id()).dataset();
      List<String> snapshots = Zfs.snapshots(dataset);
      int holds = 0;
      for (String snapshot : snapshots) {
        holds += Integer.parseInt(Zfs.property(dataset + "@" + snapshot, "userrefs"));
      }
      most.merge("snapshots at the " + name + " node", snapshots.size(), Math::max);
      most.merge("holds at the " + name + " node", holds, Math::max);
      rows(node)
          .forEach((table, count) ->
              rows.computeIfAbsent(table + " at the " + name + " node", _ -> new ArrayList<>())
                  .add(count));
    }
  }

  private static Map<String, Integer> rows(TestNode node) throws SQLException {
    Map<String, Integer> rows = new TreeMap<>();
    String url = "jdbc:sqlite:file:" + node.file("state").resolve("flockerd.db") + "?mode=ro";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet names =
          statement.executeQuery(
              "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")) {
        while (names.next()) {
          tables.add(names.getString(1));
        }
      }
      for (String table : tables) {
        try (ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table)) {
          rows.put(table, count.getInt(1));
        }
      }
    }
    return rows;
  }

  private void judge() throws IOException {
    StringBuilder report = new StringBuilder();
    report.append(
        "%d s, seed %d, %d writes; every byte compared %d times.%n%n"
            .formatted(LONG.toSeconds(), SEED, writes.get(), compared));
    report.append(
        "| what failed | times | lag below %d s again after, median | longest |%n|---|---:|---:|---:|%n"
            .formatted(MAX_LAG.toSeconds()));
    recoveries.forEach((name, millis) -> {
      List<Long> sorted = millis.stream().sorted().toList();
      report.append(
          "| %s | %d | %.1f s | %.1f s |%n"
              .formatted(
                  name,
                  sorted.size(),
                  sorted.get(sorted.size() / 2) / 1e3,
                  sorted.getLast() / 1e3));
    });
    report.append("%n".formatted());
    most.forEach((name, count) -> report.append("- at most %d %s%n".formatted(count, name)));
    rows.forEach((name, counts) -> {
      if (Collections.max(counts) > 0) {
        report.append(
            "- rows of %s: %d after the first fault, %d after the last, at most %d%n"
                .formatted(name, counts.getFirst(), counts.getLast(), Collections.max(counts)));
      }
    });
    System.out.println(report);
    if (!REPORT.isEmpty()) {
      Files.writeString(Path.of(REPORT), report);
    }
    assertEquals(List.of(), late);
    most.forEach((name, count) ->
        assertTrue(count <= MOST_SNAPSHOTS, () -> "at some moment " + count + " " + name));
    rows.forEach((name, counts) -> {
      if (name.startsWith("replication")) {
        assertTrue(Collections.max(counts) <= 1, () -> name + ": " + counts);
      }
    });
  }

  // ------------------------------------------------------------------------------- small things

  /** Looks again and again, whatever it throws meanwhile, until it is so. */
  private void patiently(String what, Await.Condition condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String why = "";
    while (true) {
      try {
        if (condition.isSo()) {
          return;
        }
      } catch (Exception | AssertionError e) {
        why = e.toString();
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what + ": " + why);
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }

  private static boolean zpool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("zpool"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(said);
    }
    return true;
  }

  private void pause(int mostMillis) {
    LockSupport.parkNanos(Duration.ofMillis(random.nextInt(mostMillis)).toNanos());
  }

  private void say(String what) {
    System.out.printf(
        "%6.1f s  %s%n", Duration.ofNanos(System.nanoTime() - started).toMillis() / 1e3, what);
  }
}
