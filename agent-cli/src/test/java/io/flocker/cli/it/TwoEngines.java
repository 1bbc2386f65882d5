package io.flocker.cli.it;

import io.flocker.http.docker.TestEngine;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** A container engine for each of two nodes, and the wish that both are told. */
final class TwoEngines implements AutoCloseable {
  private static final String CONFIGURATION = "/v1/configuration";

  private final TwoNodes nodes;
  private final CertifiedCaller user;
  private final Map<TestNode, TestEngine> engines = new LinkedHashMap<>();
  private long generation;

  private TwoEngines(TwoNodes nodes) {
    this.nodes = nodes;
    this.user = new CertifiedCaller(nodes.user());
  }

  /** Starts the engines, and the nodes anew with them; or skips {@code test}. */
  static TwoEngines give(TwoNodes nodes, String test) throws Exception {
    TwoEngines engines = new TwoEngines(nodes);
    for (TestNode node : List.of(nodes.first(), nodes.second())) {
      String root = node.pool().mounts().toString();
      String _ = TestEngine.run("mount", "--bind", root, root);
      String _ = TestEngine.run("mount", "--make-shared", root);
      TestEngine engine = TestEngine.start(test);
      engines.engines.put(node, engine);
      node.stop();
      node.settings("engine: {socket: %s}".formatted(engine.socket()));
      node.start();
    }
    return engines;
  }

  TestEngine of(TestNode node) {
    return Objects.requireNonNull(engines.get(node));
  }

  /**
   * Tells those nodes that answer a new wish.
   *
   * @param applications by the schema of the API
   * @param places which of them are to run where
   * @return its generation
   */
  long tell(List<Map<String, Object>> applications, Map<TestNode, List<String>> places)
      throws InterruptedException {
    generation++;
    Map<String, Object> wish =
        Map.of(
            "generation",
            generation,
            "applications",
            applications,
            "nodes",
            places.entrySet().stream()
                .map(place ->
                    Map.of(
                        "node", place.getKey().id().toString(), "applications", place.getValue()))
                .toList());
    for (TestNode node : engines.keySet()) {
      tell(node, wish);
    }
    return generation;
  }

  private void tell(TestNode node, Map<String, Object> wish) throws InterruptedException {
    Reply reply;
    try {
      reply = user.send("PUT", node, CONFIGURATION, wish);
    } catch (IOException _) {
      return; // Whoever is down now is told the next one.
    }
    if (reply.status() == 503) {
      return; // It is about to go.
    }
    JsonNode _ = reply.succeed();
  }

  /** How far a node is. */
  JsonNode status(TestNode node) throws IOException, InterruptedException {
    return user.get(node, CONFIGURATION + "/status").succeed();
  }

  /** Whether all nodes have reached the wish that was told last. */
  boolean isAsWished() throws IOException, InterruptedException {
    for (TestNode node : engines.keySet()) {
      JsonNode status = status(node);
      if (!status.path("isAsWished").booleanValue()
          || status.path("generation").longValue() != generation) {
        return false;
      }
    }
    return true;
  }

  /** Waits until they have. */
  void awaitAsWished() throws Exception {
    Await.until("generation " + generation, this::isAsWished);
  }

  @Override
  public void close() throws IOException {
    engines.values().forEach(TestEngine::close);
    try {
      for (TestNode node : List.of(nodes.first(), nodes.second())) {
        String root = node.pool().mounts().toString();
        String _ = TestEngine.run("umount", "--recursive", "--lazy", root);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while unmounting", e);
    }
  }
}
