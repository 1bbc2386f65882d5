package io.flocker.cli.it;

import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCluster;
import io.flocker.core.storage.TestPool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two nodes that know each other, without any pool: their {@code zfs} makes up the streams and
 * takes them as slowly as it is told. Needs neither root nor ZFS.
 */
final class FakeNodes implements AutoCloseable {
  private final List<TestNode> nodes = new ArrayList<>();

  private FakeNodes() {}

  /**
   * Starts them.
   *
   * @param folder takes all their files
   * @param streamBytes length of every stream
   * @param rate how many bytes a receiver takes a second
   * @param pauseSeconds how long each receiver rests in the midst of a stream
   * @param settings more lines for {@code flockerd.yml}
   */
  static FakeNodes start(
      Path folder, long streamBytes, long rate, int pauseSeconds, String settings)
      throws Exception {
    FakeNodes fakes = new FakeNodes();
    try {
      TestCluster cluster = TestCluster.create(Files.createDirectory(folder.resolve("cluster")));
      Credentials user = cluster.user("tester");
      String zfs = "bytes=%d\nrate=%d\npause=%d\n".formatted(streamBytes, rate, pauseSeconds);
      for (String name : List.of("sender", "receiver")) {
        TestPool pool = FakePool.create(Files.createDirectory(folder.resolve(name)), zfs);
        NodeSetup setup = NodeSetup.usual().with(FakePool.programs(pool)).with(settings);
        fakes.nodes.add(TestNode.create(cluster, user, pool, setup));
      }
      for (TestNode node : fakes.nodes) {
        node.start();
      }
      fakes.sender().learn(fakes.receiver());
      fakes.receiver().learn(fakes.sender());
      return fakes;
    } catch (Exception e) {
      fakes.close();
      throw e;
    }
  }

  TestNode sender() {
    return nodes.getFirst();
  }

  TestNode receiver() {
    return nodes.getLast();
  }

  @Override
  public void close() {
    nodes.forEach(TestNode::close);
  }
}
