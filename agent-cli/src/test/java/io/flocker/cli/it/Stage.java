package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.grant.Grant;
import io.flocker.core.grant.SignedGrant;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.operation.OperationState;
import io.flocker.core.operation.OperationView;
import io.flocker.core.os.TestNetwork;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.Credentials;
import io.flocker.core.retry.Backoff;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.NewVolume;
import io.flocker.http.api.ResolveRequest;
import io.flocker.http.api.SignedTakeover;
import io.flocker.http.api.TakeoverProposal;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.FlockerClient;
import io.flocker.http.client.UnreachableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
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
  private static final String SET_ASIDE = ".superseded-";
  private static final int MOST_TRIES = 20;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(4);

  /** Does what a step says; the groups of its pattern are the words that differ. */
  @FunctionalInterface
  private interface Act {
    void with(Stage stage, Matcher words) throws Exception;
  }

  /** What an operator has a node do, by one signature, as often as it takes. */
  @FunctionalInterface
  private interface Choice {
    void make() throws Exception;
  }

  private static final Map<Pattern, Act> STEPS = new LinkedHashMap<>();

  static {
    on("(A|B) creates the volume", (stage, words) -> stage.create(stage.node(words, 1)));
    on("(A|B) writes", (stage, words) -> stage.write(stage.node(words, 1)));
    on("(A|B) pushes", (stage, words) -> stage.push(stage.node(words, 1)));
    on("(A|B) hands off", (stage, words) -> stage.handOff(stage.node(words, 1)));
    on("(A|B) begins to hand off", (stage, words) -> stage.beginHandoff(stage.node(words, 1)));
    on("the volume is created twice", (stage, _) -> stage.createTwice());
    on("(A|B)'s commands count", (stage, words) -> KillPoint.never().arm(stage.node(words, 1)));
    on("(A|B) takes over", (stage, words) -> stage.takeOver(stage.node(words, 1)).make());
    on(
        "(A|B) begins to take over",
        (stage, words) -> stage.begin(stage.takeOver(stage.node(words, 1))));
    on("(A|B) is kept", (stage, words) -> stage.keep(stage.node(words, 1)).make());
    on("(A|B) begins to be kept", (stage, words) -> stage.begin(stage.keep(stage.node(words, 1))));
    on("(A|B) sets its copy aside", (stage, words) -> stage.setAside(stage.node(words, 1)).make());
    on(
        "(A|B) begins to set its copy aside",
        (stage, words) -> stage.begin(stage.setAside(stage.node(words, 1))));
    on("the operator tells it again", (stage, _) -> stage.tellAgain());
    on("the operator is told that it is done", (stage, _) -> stage.awaitChoice());
    on("one becomes owner", (stage, _) -> stage.awaitOneOwner(() -> {}));
    on(
        "one becomes owner, if need be once the copy of (A|B) is given up",
        (stage, words) -> stage.awaitOneOwner(() -> stage.giveUp(stage.node(words, 1))));
    on("all writes are at the owner", (stage, _) -> stage.requireAll(stage.owner()));
    on(
        "write ([0-9]+) is set aside at (A|B)",
        (stage, words) -> stage.requireAside(words.group(1), stage.node(words, 2)));
    on("the handoff (succeeds|fails)", (stage, words) -> stage.end(words.group(1)));
    on(
        "(A|B) will be (killed|stopped) ((?:before|after) .+)",
        (stage, words) -> stage.arm(stage.node(words, 1), words.group(2), words.group(3)));
    on("(A|B) has been (killed|stopped)", (stage, words) -> stage.awaitHit(words));
    on("(A|B) is killed", (stage, words) -> stage.node(words, 1).daemon().kill());
    on("(A|B) loses its power", (stage, words) -> stage.switchOff(stage.node(words, 1)));
    on("(A|B) starts", (stage, words) -> stage.node(words, 1).start());
    on("(A|B) begins to start", (stage, words) -> stage.node(words, 1).begin());
    on("(A|B) has started", (stage, words) -> stage.node(words, 1).daemon().awaitReady());
    on("(A|B) goes on", (stage, words) -> signal("CONT", stage.node(words, 1)));
    // Whatever waits for somebody has a deadline, and nobody else tells that it is over.
    on(
        "([0-9]+) seconds pass",
        (_, words) -> Thread.sleep(Duration.ofSeconds(Long.parseLong(words.group(1)))));
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
    on("(A|B)'s state folder is lost", (stage, words) -> NodeBackup.lose(stage.node(words, 1)));
    on(
        "(A|B) waits to be told its peers",
        (stage, words) -> stage.awaitForgotten(stage.node(words, 1)));
    on(
        "(A|B) is told its peer",
        (stage, words) ->
            stage.node(words, 1).learn(stage.other(stage.node(words, 1)), Takeover.MANUAL));
    on("(A|B) does not have it mounted", (stage, words) -> stage.unmounted(stage.node(words, 1)));
    on(
        "(A|B) says that the copy of (A|B) is to be given up",
        (stage, words) -> stage.awaitAdvice(stage.node(words, 1), stage.node(words, 2)));
    on(
        "the copy of (A|B) is given up",
        (stage, words) -> stage.node(words, 1).client().destroyReplica(stage.volume().id()));
    on("all writes are at (A|B)", (stage, words) -> stage.requireAll(stage.node(words, 1)));
    on(
        "write ([0-9]+) is kept at (A|B)",
        (stage, words) -> stage.requireKept(words.group(1), stage.node(words, 2)));
    on("write ([0-9]+) is rolled back", (stage, words) -> stage.forget(words.group(1)));
  }

  private final TestNode first;
  private final TestNode second;
  private final TestNetwork network;
  private final Credentials operator;
  private final Map<TestNode, NodeBackup> backups = new HashMap<>();

  /** What was acknowledged, by number: the content of a file of that name. */
  private final Map<String, byte[]> acknowledged = new LinkedHashMap<>();

  private int writes;
  private boolean isGivenUp;
  private @Nullable VolumeDocument created;
  private @Nullable OperationView handoff;
  private @Nullable TestNode giver;
  private @Nullable Choice choice;
  private @Nullable FutureTask<Boolean> told;

  Stage(TestNode first, TestNode second, TestNetwork network, Credentials operator) {
    this.first = first;
    this.second = second;
    this.network = network;
    this.operator = operator;
  }

  private static void on(String pattern, Act act) {
    STEPS.put(Pattern.compile(pattern), act);
  }

  /** Plays a story; what is not as it says fails, with its line. */
  void play(Story story) throws Exception {
    rehearse(story);
    end();
  }

  /** Plays it, and leaves all as it is then. */
  void rehearse(Story story) throws Exception {
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
  }

  /** Ends one that went well: the volume goes too, so that daemons start as quickly as before. */
  void end() throws Exception {
    tidy();
    // A node may not know yet what it is; and of some holds zfs-fuse cannot say whose they are.
    Backoff backoff = Backoff.every(PAUSE).atMost(MOST_TRIES);
    while (!areDestroyed()) {
      if (!backoff.pause()) {
        return;
      }
    }
  }

  private boolean areDestroyed() throws Exception {
    boolean isFirst = isDestroyed(first);
    return isDestroyed(second) && isFirst;
  }

  /** What is refused is left. */
  private boolean isDestroyed(TestNode node) throws Exception {
    boolean isDone = true;
    for (VolumeDocument copy : node.client().volumes()) {
      try {
        destroy(node, copy);
      } catch (FailureException _) {
        isDone = false;
      }
    }
    return isDone;
  }

  private void destroy(TestNode node, VolumeDocument copy) throws Exception {
    if (copy.role() == Role.OWNER) {
      node.client().destroyVolume(copy.id());
    } else if (copy.role() == Role.SUPERSEDED && !copy.name().toString().contains(SET_ASIDE)) {
      try (FlockerClient client = at(node)) {
        ResolveRequest request = new ResolveRequest(copy.owner(), null);
        node.client().destroyReplica(client.resolve(copy.id(), request).id());
      }
    } else {
      node.client().destroyReplica(copy.id());
    }
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

  /** While neither node knows where the other is. */
  private void createTwice() throws Exception {
    VolumeName name = VolumeName.parse("matrix.v" + UUID.randomUUID().toString().substring(0, 8));
    VolumeId id = VolumeId.random();
    List<Address> nowhere = List.of(Address.parse("127.0.0.1:" + TestNode.freePort()));
    for (TestNode node : List.of(first, second)) {
      var _ = node.client().putPeer(new Peer(other(node).id(), nowhere, Takeover.NEVER));
    }
    for (TestNode node : List.of(first, second)) {
      VolumeDocument made = node.client().createVolume(new NewVolume(name, id, null));
      Files.writeString(TestNode.folder(made).resolve("who"), node.id().toString());
    }
    created = null; // Two can write it, as everybody knows who did this.
    first.learn(second, Takeover.MANUAL);
    second.learn(first, Takeover.MANUAL);
    for (TestNode node : List.of(first, second)) {
      Await.until("contested", () -> node.volume(id).role() == Role.CONTESTED);
      Await.until("unmounted", () -> !node.volume(id).mounted());
    }
    created = first.volume(id);
  }

  /** Signs that {@code node} owns the volume, since the other is gone. */
  private Choice takeOver(TestNode node) throws Exception {
    List<NodeId> dead = List.of(other(node).id());
    try (FlockerClient client = at(node)) {
      SignedTakeover signed = sign(client.proposeTakeover(volume().id(), dead), dead);
      return () -> {
        try (FlockerClient again = at(node)) {
          var _ = again.takeOver(volume().id(), signed);
        }
      };
    }
  }

  /** Signs that the copy of {@code node} lives on. */
  private Choice keep(TestNode node) throws Exception {
    try (FlockerClient client = at(node)) {
      SignedTakeover signed = sign(client.proposeResolution(volume().id(), List.of()), List.of());
      return () -> {
        try (FlockerClient again = at(node)) {
          var _ = again.resolve(volume().id(), new ResolveRequest(node.id(), signed));
        }
      };
    }
  }

  private Choice setAside(TestNode node) {
    ResolveRequest request = new ResolveRequest(other(node).id(), null);
    return () -> {
      try (FlockerClient client = at(node)) {
        var _ = client.resolve(volume().id(), request);
      } catch (FailureException e) {
        if (e.failure() != OwnershipFailure.VOLUME_NOT_FOUND) {
          throw e;
        } // It was done before.
      }
    };
  }

  private FlockerClient at(TestNode node) {
    return new FlockerClient(node.url(), operator.sslContext());
  }

  private SignedTakeover sign(TakeoverProposal proposal, List<NodeId> dead) {
    SignedGrant signed = SignedGrant.by(operator, Grant.parse(proposal.text()));
    return new SignedTakeover(proposal.text(), signed.signer().pem(), signed.signature(), dead);
  }

  private void begin(Choice made) {
    choice = made;
    told =
        new FutureTask<>(() -> {
          made.make();
          return true;
        });
    var _ = Thread.ofVirtual().start(told);
  }

  private void awaitChoice() throws Exception {
    assertTrue(Objects.requireNonNull(told).get(LONGEST.toSeconds(), TimeUnit.SECONDS));
  }

  /** By the same command, as soon as the node listens. */
  private void tellAgain() throws Exception {
    Choice again = Objects.requireNonNull(choice);
    Await.until(
        "an answer",
        () -> {
          try {
            again.make();
            return true;
          } catch (UnreachableException _) {
            return false;
          }
        });
  }

  private void awaitOneOwner(Choice meanwhile) throws Exception {
    Await.until(
        "one owner",
        () -> {
          requireOneMount();
          meanwhile.make();
          return (isNow(first, Role.OWNER) && isOut(second))
              || (isNow(second, Role.OWNER) && isOut(first));
        });
  }

  private boolean isOut(TestNode node) throws Exception {
    return isNow(node, Role.REPLICA) || isNow(node, Role.SUPERSEDED);
  }

  private TestNode owner() throws Exception {
    return isNow(first, Role.OWNER) ? first : second;
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

  private void arm(TestNode node, String how, String where) throws IOException {
    KillPoint point = KillPoint.parse(where);
    if (how.equals("killed")) {
      point.arm(node);
    } else {
      point.armStop(node);
    }
  }

  private void awaitHit(Matcher words) throws Exception {
    TestNode node = node(words, 1);
    boolean isKill = words.group(2).equals("killed");
    Await.until(
        "the node has been " + words.group(2),
        () -> isKill ? !node.daemon().isAlive() : isStopped(node));
    if (isKill) {
      int _ = node.daemon().awaitEnd();
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

  /** Nothing of it is left that could write. */
  private void switchOff(TestNode node) throws Exception {
    node.daemon().kill();
    if (isMounted(node)) {
      Zfs.run("unmount", Moves.mountpoint(node, volume()).toString());
    }
  }

  private void backUp(TestNode node) throws Exception {
    boolean wasOwner = isMounted(node);
    node.daemon().kill();
    backups.put(node, NodeBackup.of(node));
    node.start();
    if (wasOwner) {
      awaitRole(node, "owner"); // It asks the other, which the next line may end.
    }
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

  /** Whoever looks at the volume is told, and whoever looks at the node. */
  private void awaitDoubt(TestNode node) throws Exception {
    Await.until(
        "a mount that waits for an answer",
        () -> {
          requireOneMount();
          VolumeDocument waiting = node.volume(volume().id());
          String why = waiting.mountReason().orElse("");
          return waiting.mountState() == MountStatus.State.UNCONFIRMED
              && !why.isEmpty()
              && node.client().node().warnings().stream()
                  .anyMatch(warning -> warning.detail().contains(why));
        });
  }

  private void awaitForgotten(TestNode node) throws Exception {
    awaitDoubt(node);
    String why = node.volume(volume().id()).mountReason().orElse("");
    assertTrue(why.contains("flocker peer add"), why);
  }

  /** To whoever looks at the volume. */
  private void awaitAdvice(TestNode node, TestNode where) throws Exception {
    Await.until(
        "what is to be done",
        () -> {
          requireOneMount();
          return isAdvised(node, where);
        });
  }

  private boolean isAdvised(TestNode node, TestNode where) throws Exception {
    String way =
        "DELETE /v1/volumes/%s?replica=true on node %s".formatted(volume().id(), where.id());
    return node.volume(volume().id()).mountReason().orElse("").contains(way);
  }

  /** Once the other node says so, and goes on saying it until what it sends then has come. */
  private void giveUp(TestNode node) throws Exception {
    if (!isGivenUp && isAdvised(other(node), node) && isNow(node, Role.REPLICA)) {
      node.client().destroyReplica(volume().id());
      isGivenUp = true;
    }
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

  /** In the copy that bears another name since. */
  private void requireAside(String number, TestNode node) throws Exception {
    String mark = volume().name() + SET_ASIDE;
    String aside =
        Zfs.run("list", "-H", "-o", "name", "-r", node.pool().name())
            .lines()
            .filter(name -> name.contains(mark))
            .findFirst()
            .orElseThrow(() -> new AssertionError("nothing was set aside"));
    String snapshot = aside + "@" + Zfs.snapshots(aside).getLast();
    assertTrue(
        Zfs.content(node.pool(), snapshot).files().containsKey(number),
        "write " + number + " is lost");
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
