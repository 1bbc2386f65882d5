package io.flocker.cli.it;

import io.flocker.core.os.TestNetwork;
import io.flocker.http.docker.TestEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A container engine for each of two nodes. */
final class TwoEngines implements AutoCloseable {
  private final TwoNodes nodes;
  private final Map<TestNode, TestEngine> engines = new LinkedHashMap<>();
  private final Map<TestNode, RecordedSocket> sockets = new LinkedHashMap<>();

  private TwoEngines(TwoNodes nodes) {
    this.nodes = nodes;
  }

  /** Starts the engines, and the nodes anew with them; or skips {@code test}. */
  static TwoEngines give(TwoNodes nodes, String test) throws Exception {
    return give(nodes, test, false);
  }

  /** The same, and what nodes and engines say to each other passes by {@link #socket}. */
  static TwoEngines giveRecorded(TwoNodes nodes, String test) throws Exception {
    return give(nodes, test, true);
  }

  private static TwoEngines give(TwoNodes nodes, String test, boolean isRecorded) throws Exception {
    TwoEngines engines = new TwoEngines(nodes);
    for (TestNode node : nodes.both()) {
      String root = node.pool().mounts().toString();
      String _ = TestEngine.run("mount", "--bind", root, root);
      String _ = TestEngine.run("mount", "--make-shared", root);
      Optional<TestNetwork.Place> place = node.location().place();
      TestEngine engine =
          place.isPresent() ? TestEngine.start(test, place.get()) : TestEngine.start(test);
      engines.engines.put(node, engine);
      Path socket = engine.socket();
      if (isRecorded) {
        RecordedSocket before = RecordedSocket.before(socket, node.file("engine.sock"));
        engines.sockets.put(node, before);
        socket = before.path();
      }
      node.stop();
      node.settings("engine: {socket: %s}".formatted(socket));
      node.start();
    }
    return engines;
  }

  TestEngine of(TestNode node) {
    return Objects.requireNonNull(engines.get(node));
  }

  /** By which the node speaks to its engine; {@link #giveRecorded} only. */
  RecordedSocket socket(TestNode node) {
    return Objects.requireNonNull(sockets.get(node));
  }

  @Override
  public void close() throws IOException {
    for (RecordedSocket socket : sockets.values()) {
      socket.close();
    }
    engines.values().forEach(TestEngine::close);
    try {
      for (TestNode node : nodes.both()) {
        String root = node.pool().mounts().toString();
        String _ = TestEngine.run("umount", "--recursive", "--lazy", root);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while unmounting", e);
    }
  }
}
