package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.os.TestNetwork;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import io.flocker.core.pki.TestCluster;
import io.flocker.core.storage.FolderTree;
import io.flocker.core.storage.TestPool;
import io.flocker.core.storage.TestPools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Two nodes that know each other, for one test class: {@code @RegisterExtension static final
 * TwoNodes NODES = new TwoNodes();}.
 *
 * <p>Where nobody is root or no ZFS answers, the class is skipped, see {@link TestPools}. When a
 * test fails, the end of both logs is printed. A buffer that a daemon lost, or an error that nobody
 * foresaw, or a line that is none of Eliot's, fails the class.
 */
final class TwoNodes implements BeforeAllCallback, AfterAllCallback, TestWatcher {
  private static final int TAIL_LINES = 60;
  private static final List<String> NEVER_LOGGED =
      List.of("LEAK: ", "flocker:http:incident", "flocker:event:withheld");

  private final List<NodeSetup> setups;
  private final boolean isApart;
  private final TestPools pools = new TestPools();
  private final List<TestNode> nodes = new ArrayList<>();
  private @Nullable Path folder;
  private @Nullable TestNetwork network;
  private @Nullable TestCluster cluster;
  private @Nullable Credentials user;

  TwoNodes() {
    this(NodeSetup.usual(), NodeSetup.usual());
  }

  TwoNodes(NodeSetup first, NodeSetup second) {
    this(List.of(first, second), false);
  }

  private TwoNodes(List<NodeSetup> setups, boolean isApart) {
    this.setups = setups;
    this.isApart = isApart;
  }

  /** Two that do as {@code setup} says, each in a network namespace of its own. */
  static TwoNodes apart(NodeSetup setup) {
    return new TwoNodes(List.of(setup, setup), true);
  }

  /** Two and a third one, all of which know each other. */
  static TwoNodes andOneMore(NodeSetup setup) {
    return new TwoNodes(List.of(setup, setup, setup), false);
  }

  TestNode first() {
    return nodes.getFirst();
  }

  TestNode second() {
    return nodes.get(1);
  }

  /** {@link #andOneMore} only. */
  TestNode third() {
    return nodes.get(2);
  }

  List<TestNode> both() {
    return List.copyOf(nodes);
  }

  /** One more pool, which belongs to no node. */
  TestPool pool(long bytes) throws IOException {
    return pools.create(bytes);
  }

  /** The files of one more node of the cluster, on a pool that may be another's; nothing runs. */
  TestNode newcomer(TestPool pool) throws IOException, CredentialsException {
    return TestNode.create(cluster(), user(), pool, NodeSetup.usual());
  }

  /** What joins them; {@link #apart} only. */
  TestNetwork network() {
    return Objects.requireNonNull(network);
  }

  TestCluster cluster() {
    return Objects.requireNonNull(cluster);
  }

  /** A user of both nodes. */
  Credentials user() {
    return Objects.requireNonNull(user);
  }

  /** Somebody with a valid certificate of a node that is no peer of anybody, and has no daemon. */
  CertifiedCaller strangeNode() throws CredentialsException {
    return new CertifiedCaller(cluster().node(NodeId.random()));
  }

  /** The same for a node that both count among their peers. */
  CertifiedCaller peerNode() throws Exception {
    CertifiedCaller caller = strangeNode();
    List<Address> nowhere = List.of(Address.parse("127.0.0.1:" + TestNode.freePort()));
    for (TestNode node : nodes) {
      var _ = node.client().putPeer(new Peer(caller.node(), nowhere, Takeover.NEVER));
    }
    return caller;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    pools.beforeAll(context);
    folder = Files.createTempDirectory("flocker-cluster-");
    cluster = TestCluster.create(folder);
    user = cluster.user("tester");
    for (NodeSetup setup : setups) {
      NodeSetup placed = setup;
      if (isApart) {
        network = network == null ? TestNetwork.create() : network;
        placed = setup.at(Location.at(network.add()));
      }
      String[] properties = setup.poolProperties().toArray(String[]::new);
      TestPool pool = pools.create(setup.poolBytes(), properties);
      nodes.add(TestNode.create(cluster, user, pool, placed));
    }
    for (TestNode node : nodes) {
      node.begin();
    }
    for (TestNode node : nodes) {
      node.daemon().awaitReady();
    }
    for (TestNode node : nodes) {
      for (TestNode other : nodes) {
        if (node != other) {
          node.learn(other);
        }
      }
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    List<String> faults = new ArrayList<>();
    for (TestNode node : nodes) {
      try {
        node.close();
      } catch (AssertionError e) {
        faults.add(e.getMessage());
      }
      faults.addAll(faults(node.log()));
    }
    pools.afterAll(context);
    if (network != null) {
      network.close();
    }
    deleteFolder();
    assertEquals(List.of(), faults);
  }

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    printLogs(context.getDisplayName());
  }

  /** Prints the end of all logs: of a dynamic test that fails nobody is told. */
  void printLogs(String test) {
    for (TestNode node : nodes) {
      printTail(test, node.output());
      printTail(test, node.log());
    }
  }

  private static void printTail(String test, Path file) {
    System.out.println("-------- " + test + ": end of " + file);
    tail(file).forEach(System.out::println);
  }

  private static List<String> tail(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
    } catch (IOException e) {
      return List.of(e.toString());
    }
  }

  private static List<String> faults(Path log) throws IOException {
    if (Files.notExists(log)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> NEVER_LOGGED.stream().anyMatch(line::contains)).toList();
    }
  }

  private void deleteFolder() throws IOException {
    if (folder != null) {
      FolderTree.delete(folder);
    }
  }
}
