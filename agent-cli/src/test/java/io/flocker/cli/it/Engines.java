package io.flocker.cli.it;

import io.flocker.core.os.TestNetwork;
import io.flocker.http.docker.TestEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A real engine beside each node, in its network, which sees what the node mounts. */
final class Engines {
  private final List<Path> shared = new ArrayList<>();
  private final Map<TestNode, TestEngine> engines = new HashMap<>();
  private final Map<TestNode, RecordedSocket> sockets = new HashMap<>();

  private Engines() {}

  /** Starts them, or skips {@code test}, and has the nodes, started anew, use them. */
  static Engines beside(String test, TwoNodes nodes) throws IOException, InterruptedException {
    Engines engines = new Engines();
    try {
      for (TestNode node : nodes.both()) {
        engines.add(test, node);
      }
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      engines.close();
      throw e;
    }
    return engines;
  }

  private void add(String test, TestNode node) throws IOException, InterruptedException {
    Path root = node.pool().mounts();
    String _ = TestEngine.run("mount", "--bind", root.toString(), root.toString());
    shared.add(root);
    String _ = TestEngine.run("mount", "--make-shared", root.toString());
    Optional<TestNetwork.Place> place = node.location().place();
    TestEngine engine =
        place.isPresent() ? TestEngine.start(test, place.get()) : TestEngine.start(test);
    engines.put(node, engine);
    RecordedSocket socket = RecordedSocket.before(engine.socket(), node.file("engine.sock"));
    sockets.put(node, socket);
    node.stop();
    node.settings("engine: {socket: %s}".formatted(socket.path()));
    node.start();
  }

  TestEngine of(TestNode node) {
    return Objects.requireNonNull(engines.get(node));
  }

  /** By which the node speaks to its engine. */
  RecordedSocket socket(TestNode node) {
    return Objects.requireNonNull(sockets.get(node));
  }

  /** Ends them; the folders are the nodes' own again. */
  void close() throws IOException, InterruptedException {
    for (RecordedSocket socket : sockets.values()) {
      socket.close();
    }
    engines.values().forEach(TestEngine::close);
    for (Path root : shared) {
      String _ = TestEngine.run("umount", "--recursive", "--lazy", root.toString());
    }
  }
}
