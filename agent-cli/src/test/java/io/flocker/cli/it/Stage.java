package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.os.TestNetwork;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.http.api.VolumeDocument;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link Story} is played: two nodes, A and B, and one volume. After every step at most one
 * node has the volume mounted. What steps there are, {@link #STEPS} tells.
 */
final class Stage {
  private static final int BYTES = 20_000;

  /** Does what a step says; the groups of its pattern are the words that differ. */
  @FunctionalInterface
  private interface Act {
    void with(Stage stage, Matcher words) throws Exception;
  }

  private static final Map<Pattern, Act> STEPS = new LinkedHashMap<>();

  static {
    on("(A|B) creates the volume", (stage, words) -> stage.create(stage.node(words, 1)));
    on("(A|B) writes", (stage, words) -> stage.write(stage.node(words, 1)));
    on("(A|B) takes a snapshot", (stage, words) -> stage.takeSnapshot(stage.node(words, 1)));
    on("(A|B) pushes", (stage, words) -> stage.push(stage.node(words, 1)));
    on("(A|B) hands off", (stage, words) -> stage.handOff(stage.node(words, 1)));
    on("(A|B) begins to hand off", (stage, words) -> stage.beginHandoff(stage.node(words, 1)));
    on("the handoff (succeeds|fails)", (stage, words) -> stage.end(words.group(1)));
    on(
        "(A|B) will be (killed|stopped) (before|after) (.+)",
        (stage, words) ->
            stage.arm(stage.node(words, 1), words.group(2), words.group(3), words.group(4)));
    on("(A|B) has been (killed|stopped)", (stage, words) -> stage.awaitHit(words));
    on("(A|B) is killed", (stage, words) -> stage.node(words, 1).daemon().kill());
    on("(A|B) starts", (stage, words) -> stage.node(words, 1).start());
    on("(A|B) goes on", (stage, words) -> signal("CONT", stage.node(words, 1)));
    on("the network parts", (stage, _) -> stage.network.part());
    on("the network joins", (stage, _) -> stage.network.join());
    on("(A|B) is backed up", (stage, words) -> stage.backUp(stage.node(words, 1)));
    on(
        "(A|B) goes back: (pool|state|both)",
        (stage, words) ->
            stage.backup(stage.node(words, 1)).restore(NodeBackup.parts(words.group(2))));
    on(
        "(A|B) becomes (owner|replica|released|contested|superseded)",
        (stage, words) -> stage.awaitRole(stage.node(words, 1), words.group(2)));
    on("(A|B) waits for an answer", (stage, words) -> stage.awaitDoubt(stage.node(words, 1)));
    on("(A|B) does not have it mounted", (stage, words) -> stage.unmounted(stage.node(words, 1)));
    on("all writes are at (A|B)", (stage, words) -> stage.requireAll(stage.node(words, 1)));
    on(
        "write ([0-9]+) is kept at (A|B)",
        (stage, words) -> stage.requireKept(words.group(1), stage.node(words, 2)));
    on("write ([0-9]+) is rolled back", (stage, words) -> stage.forget(words.group(1)));
  }

  private final TestNode first;
  private final TestNode second;
  private final TestNetwork network;
  private final Map<TestNode, NodeBackup> backups = new HashMap<>();

  /** What was acknowledged, by number: the content of a file of that name. */
  private final Map<String, byte[]> acknowledged = new LinkedHashMap<>();

  private int writes;
  private @Nullable VolumeDocument created;
  private @Nullable OperationView handoff;
  private @Nullable TestNode giver;

  Stage(TestNode first, TestNode second, TestNetwork network) {
    this.first = first;
    this.second = second;
    this.network = network;
  }

  private static void on(String pattern, Act act) {
    STEPS.put(Pattern.compile(pattern), act);
  }

  /** Plays a story; what is not as it says fails, with its line. */
  void play(Story story) throws Exception {
    try {
      for (String step : story.steps()) {
        play(step);
      }
    } catch (AssertionError e) {
      try {
        tidy();
      } catch (Exception | AssertionError untidy) {
        e.addSuppressed(untidy);
      }
      throw e;
    }
    tidy();
  }

  private void play(String step) throws Exception {
    try {
      for (Map.Entry<Pattern, Act> known : STEPS.entrySet()) {
        Matcher words = known.getKey().matcher(step);
        if (words.matches()) {
          known.getValue().with(this, words);
          requireOneMount();
          return;
        }
      }
    } catch (AssertionError | Exception e) {
      throw new AssertionError("at \"" + step + "\": " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("what is \"" + step + "\"?");
  }

  /** The next story begins with nothing: no volume, both daemons well. */
  private void tidy() throws Exception {
    network.join();
    for (TestNode node : List.of(first, second)) {
      node.heal();
      if (node.daemon().isAlive()) {
        signal("CONT", node);
      } else {
        node.start();
      }
    }
  }

  private TestNode node(Matcher words, int group) {
    return words.group(group).equals("A") ? first : second;
  }

  private TestNode other(TestNode node) {
    return node == first ? second : first;
  }

  private VolumeDocument volume() {
    return Objects.requireNonNull(created, "no volume was created");
  }

  private void create(TestNode node) throws Exception {
    created = node.create("matrix.v" + UUID.randomUUID().toString().substring(0, 8));
  }

  /** Only what is on disk counts as acknowledged. */
  private void write(TestNode node) throws Exception {
    assertTrue(isMounted(node), "not mounted");
    String number = Integer.toString(++writes);
    Path file = Moves.mountpoint(node, volume()).resolve(number);
    Content.write(file, BYTES, number.hashCode());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    acknowledged.put(number, Files.readAllBytes(file));
  }

  /** One of a user's, which stays: whatever goes back has it in common with the other. */
  private void takeSnapshot(TestNode node) throws Exception {
    var _ = node.client().takeSnapshot(volume().id());
  }

  private void push(TestNode node) throws Exception {
    var _ = node.push(volume().id(), other(node));
  }

  private void handOff(TestNode node) throws Exception {
    var _ = node.handOff(volume().id(), other(node));
  }

  private void beginHandoff(TestNode node) throws Exception {
    handoff = node.client().handoff(volume().id(), other(node).id());
    giver = node;
  }

  private void end(String how) throws Exception {
    OperationView end = Objects.requireNonNull(giver).finish(Objects.requireNonNull(handoff));
    OperationState expected =
        how.equals("succeeds") ? OperationState.SUCCEEDED : OperationState.FAILED;
    assertEquals(expected, end.state(), () -> String.valueOf(end.problem()));
  }

  private void arm(TestNode node, String how, String when, String command) throws IOException {
    KillPoint.Moment moment = KillPoint.Moment.valueOf(when.toUpperCase(Locale.ROOT));
    KillPoint point = new KillPoint(command, 1, moment);
    if (how.equals("killed")) {
      point.arm(node);
    } else {
      point.armStop(node);
    }
  }

  private void awaitHit(Matcher words) throws Exception {
    TestNode node = node(words, 1);
    if (words.group(2).equals("killed")) {
      int _ = node.daemon().awaitEnd();
    } else {
      Await.until("the stop", () -> isStopped(node));
    }
    node.heal();
  }

  private static boolean isStopped(TestNode node) throws IOException {
    String status =
        Files.readString(Path.of("/proc", Long.toString(node.daemon().pid()), "status"));
    return status.contains("State:\tT");
  }

  private static void signal(String name, TestNode node) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, "" + node.daemon().pid()).start();
    assertEquals(0, kill.waitFor());
  }

  private void backUp(TestNode node) throws Exception {
    node.daemon().kill();
    backups.put(node, NodeBackup.of(node));
    node.start();
  }

  private NodeBackup backup(TestNode node) {
    return Objects.requireNonNull(backups.get(node), "never backed up");
  }

  private void awaitRole(TestNode node, String role) throws Exception {
    Role wanted = Role.valueOf(role.toUpperCase(Locale.ROOT));
    Await.until(
        "role " + role,
        () -> {
          requireOneMount();
          return isNow(node, wanted);
        });
  }

  private boolean isNow(TestNode node, Role wanted) throws Exception {
    try {
      VolumeDocument now = node.volume(volume().id());
      return now.role() == wanted && now.mounted() == (wanted == Role.OWNER);
    } catch (FailureException e) {
      if (e.failure() == OwnershipFailure.VOLUME_NOT_FOUND) {
        return false; // It has not come yet.
      }
      throw e;
    }
  }

  private void awaitDoubt(TestNode node) throws Exception {
    Await.until(
        "a mount that waits for an answer",
        () -> {
          requireOneMount();
          return node.volume(volume().id()).mountState() == MountStatus.State.UNCONFIRMED;
        });
  }

  private void unmounted(TestNode node) throws IOException {
    assertTrue(!isMounted(node), "it is mounted");
  }

  private void requireAll(TestNode node) throws Exception {
    for (Map.Entry<String, byte[]> write : acknowledged.entrySet()) {
      requireSame(write.getKey(), Moves.mountpoint(node, volume()).resolve(write.getKey()));
    }
  }

  private void requireSame(String number, Path file) throws IOException {
    try {
      assertTrue(
          Arrays.equals(acknowledged.get(number), Files.readAllBytes(file)),
          "write " + number + " is another");
    } catch (NoSuchFileException _) {
      throw new AssertionError("write " + number + " is lost");
    }
  }

  /** In a dataset that nobody has mounted. */
  private void requireKept(String number, TestNode node) throws Exception {
    String snapshot = node.volume(volume().id()).dataset() + "@look-" + UUID.randomUUID();
    Zfs.run("snapshot", snapshot);
    Content content = Zfs.content(node.pool(), snapshot);
    assertTrue(content.files().containsKey(number), "write " + number + " is lost");
    Zfs.run("destroy", snapshot);
  }

  /** Whoever puts a disk back loses what is not on it. */
  private void forget(String number) {
    acknowledged.remove(number);
  }

  private void requireOneMount() throws IOException {
    if (created != null) {
      assertTrue(!isMounted(first) || !isMounted(second), "two nodes can write");
    }
  }

  /** As the kernel tells, whatever any daemon believes. */
  private boolean isMounted(TestNode node) throws IOException {
    Path mountpoint = Moves.mountpoint(node, volume());
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
      return lines.anyMatch(line -> line.split(" ", 3)[1].equals(mountpoint.toString()));
    }
  }
}
