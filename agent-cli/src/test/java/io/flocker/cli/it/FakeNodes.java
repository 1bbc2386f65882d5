package io.flocker.cli.it;

import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.TestCluster;
import io.flocker.core.storage.TestPool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Two nodes that know each other, without any pool: their {@code zfs} makes up the streams and
 * takes them as slowly as it is told. Needs neither root nor ZFS.
 */
final class FakeNodes implements AutoCloseable {
  private static final String POOL = "fake";

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
        TestPool pool = pool(Files.createDirectory(folder.resolve(name)), zfs);
        NodeSetup setup = NodeSetup.usual().with(programs(pool)).with(settings);
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

  private static String programs(TestPool pool) {
    return "zfs: { zfs: %s, zpool: %s }".formatted(file(pool, "zfs"), file(pool, "zpool"));
  }

  private static TestPool pool(Path folder, String settings) throws IOException {
    TestPool pool = new TestPool(POOL, folder, Files.createDirectory(folder.resolve("mounts")));
    Path script = file(pool, "fake-zfs.pl");
    try (InputStream source = FakeNodes.class.getResourceAsStream("fake-zfs.pl")) {
      Files.copy(Objects.requireNonNull(source), script);
    }
    Files.writeString(file(pool, "settings"), settings);
    Files.writeString(
        file(pool, "datasets"), POOL + "\tused\t0\t-\n" + POOL + "\tavailable\t1099511627776\t-\n");
    program(file(pool, "zfs"), "exec perl " + script + " " + folder + " \"$@\"");
    program(
        file(pool, "zpool"),
        "case $1 in get) echo '" + POOL + "  version  28  default';; list) echo ONLINE;; esac");
    return pool;
  }

  private static Path file(TestPool pool, String name) {
    return pool.folder().resolve(name);
  }

  private static void program(Path file, String command) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + command + "\n");
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file + " cannot be made executable");
    }
  }
}
