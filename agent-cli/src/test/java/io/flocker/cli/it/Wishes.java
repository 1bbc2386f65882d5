package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.http.docker.TestEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a test tells two nodes, as a user, to run. */
final class Wishes {
  static final String CONFIGURATION = "/v1/configuration";

  private final TwoNodes nodes;
  private final CertifiedCaller user;

  Wishes(TwoNodes nodes) {
    this.nodes = nodes;
    this.user = new CertifiedCaller(nodes.user());
  }

  /** A wish for the whole cluster. */
  record Wish(long generation, List<Map<String, Object>> applications, List<Object> placed) {
    Map<String, Object> document() {
      return Map.of("generation", generation, "applications", applications, "nodes", placed);
    }
  }

  /** An application that runs a piece of shell. */
  static Map<String, Object> application(String name, String shell, Map<String, Object> more) {
    Map<String, Object> application = new HashMap<>(more);
    application.put("name", name);
    application.put("image", TestEngine.IMAGE);
    application.put("pullPolicy", "never");
    application.put("program", Map.of("command", List.of("sh", "-c", shell)));
    return application;
  }

  /** The next wish: these applications on the first node, and those on the second. */
  Wish next(List<Map<String, Object>> first, List<Map<String, Object>> second) throws Exception {
    long known = 0;
    for (TestNode node : nodes.both()) {
      known = Math.max(known, node.client().configuration().generation());
    }
    List<Map<String, Object>> all = new ArrayList<>(first);
    all.addAll(second);
    return new Wish(
        known + 1, all, List.of(placed(nodes.first(), first), placed(nodes.second(), second)));
  }

  private static Map<String, Object> placed(TestNode node, List<Map<String, Object>> what) {
    return Map.of(
        "node",
        node.id().toString(),
        "applications",
        what.stream().map(application -> application.get("name")).toList());
  }

  /** Tells all nodes, and does not wait. */
  void tell(Wish wish) throws Exception {
    for (TestNode node : nodes.both()) {
      JsonNode _ = user.send("PUT", node, CONFIGURATION, wish.document()).succeed();
    }
  }

  /** Tells all nodes, and waits until all is so. */
  void bring(List<Map<String, Object>> first, List<Map<String, Object>> second) throws Exception {
    Wish wish = next(first, second);
    tell(wish);
    await(wish);
  }

  void await(Wish wish) throws Exception {
    for (TestNode node : nodes.both()) {
      Await.until(
          "generation " + wish.generation() + " at " + node.address(),
          () -> {
            JsonNode status = status(node);
            return status.path("isAsWished").booleanValue()
                && status.path("generation").longValue() == wish.generation();
          });
    }
  }

  /** What the node would do. */
  JsonNode plan(TestNode node, Wish wish) throws Exception {
    JsonNode plan =
        user.send("PUT", node, CONFIGURATION + "?dry-run=true", wish.document()).succeed();
    assertEquals(wish.generation(), plan.path("generation").longValue());
    return plan;
  }

  JsonNode status(TestNode node) throws Exception {
    return user.get(node, CONFIGURATION + "/status").succeed();
  }

  /** How one object of a node stands; missing where the node does not tell of it yet. */
  JsonNode object(TestNode node, String kind, String name) throws Exception {
    JsonNode status = status(node);
    for (JsonNode object : status.path("objects")) {
      if (object.path("kind").stringValue().equals(kind)
          && object.path("name").stringValue().equals(name)) {
        return object;
      }
    }
    return status.path(name);
  }
}
