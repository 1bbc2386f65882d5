package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
  private final Credentials user;

  private FakeNodes(Credentials user) {
    this.user = user;
  }

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
    String zfs = "bytes=%d\nrate=%d\npause=%d\n".formatted(streamBytes, rate, pauseSeconds);
    return start(folder, zfs, settings);
  }

  /**
   * Starts two whose ZFS keeps what a cut receive has taken, and breaks off every receive.
   *
   * @param folder takes all their files
   * @param streamBytes length of every stream
   * @param breakBytes how many bytes a receive takes before it breaks off
   */
  static FakeNodes startCutting(Path folder, long streamBytes, long breakBytes) throws Exception {
    String zfs =
        "bytes=%d\nrate=%d\npause=0\nresumes=1\nbreaks=%d\n"
            .formatted(streamBytes, Integer.MAX_VALUE, breakBytes);
    return start(folder, zfs, "");
  }

  private static FakeNodes start(Path folder, String zfs, String settings) throws Exception {
    TestCluster cluster = TestCluster.create(Files.createDirectory(folder.resolve("cluster")));
    FakeNodes fakes = new FakeNodes(cluster.user("tester"));
    try {
      for (String name : List.of("sender", "receiver")) {
        TestPool pool = FakePool.create(Files.createDirectory(folder.resolve(name)), zfs);
        NodeSetup setup = NodeSetup.usual().with(FakePool.programs(pool)).with(settings);
        fakes.nodes.add(TestNode.create(cluster, fakes.user, pool, setup));
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

  /** A user of both. */
  Credentials user() {
    return user;
  }

  TestNode sender() {
    return nodes.getFirst();
  }

  TestNode receiver() {
    return nodes.getLast();
  }

  @Override
  public void close() {
    List<AssertionError> faults = new ArrayList<>();
    for (TestNode node : nodes) {
      try {
        node.close();
      } catch (AssertionError e) {
        faults.add(e); // The other one ends all the same.
      }
    }
    assertEquals(List.of(), faults);
  }
}
