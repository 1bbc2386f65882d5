package io.flocker.cli.it;

import io.flocker.http.docker.TestEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a test tells two nodes, as a user, to run. */
final class Wishes {
  private static final String CONFIGURATION = "/v1/configuration";
  private static final int UNAVAILABLE = 503;

  private final TwoNodes nodes;
  private final CertifiedCaller user;
  private long last;

  Wishes(TwoNodes nodes) {
    this.nodes = nodes;
    this.user = new CertifiedCaller(nodes.user());
  }

  /**
   * A wish for the whole cluster.
   *
   * @param applications by the schema of the API
   * @param places which of them are to run where
   */
  record Wish(
      long generation, List<Map<String, Object>> applications, Map<TestNode, List<String>> places) {
    Map<String, Object> document() {
      return Map.of(
          "generation",
          generation,
          "applications",
          applications,
          "nodes",
          places.entrySet().stream()
              .map(place ->
                  Map.of("node", place.getKey().id().toString(), "applications", place.getValue()))
              .toList());
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

  /** One that has one volume. */
  static Map<String, Object> application(String name, String shell, String volume) {
    return application(
        name, shell, Map.of("volumes", List.of(Map.of("name", volume, "mountpoint", "/data"))));
  }

  /** The next wish: these applications on the first node, and those on the second. */
  Wish next(List<Map<String, Object>> first, List<Map<String, Object>> second) throws Exception {
    List<Map<String, Object>> all = new ArrayList<>(first);
    all.addAll(second);
    return next(all, Map.of(nodes.first(), names(first), nodes.second(), names(second)));
  }

  /** The next wish, in which an application may run nowhere. */
  Wish next(List<Map<String, Object>> applications, Map<TestNode, List<String>> places)
      throws Exception {
    for (TestNode node : nodes.both()) {
      last = Math.max(last, known(node)); // A command of a test's may have told a later one.
    }
    last++;
    return new Wish(last, applications, places);
  }

  private long known(TestNode node) throws InterruptedException {
    try {
      return user.get(node, CONFIGURATION).body().path("generation").longValue(0);
    } catch (IOException _) {
      return 0; // It is down.
    }
  }

  private static List<String> names(List<Map<String, Object>> applications) {
    return applications.stream().map(application -> (String) application.get("name")).toList();
  }

  /** Tells all nodes that answer, and does not wait. */
  void tell(Wish wish) throws InterruptedException {
    for (TestNode node : nodes.both()) {
      tell(node, wish);
    }
  }

  private void tell(TestNode node, Wish wish) throws InterruptedException {
    Reply reply;
    try {
      reply = user.send("PUT", node, CONFIGURATION, wish.document());
    } catch (IOException _) {
      return; // Whoever is down now is told the next one.
    }
    if (reply.status() != UNAVAILABLE) { // It is about to go.
      JsonNode _ = reply.succeed();
    }
  }

  /** Tells all nodes, and waits until all is so. */
  void bring(List<Map<String, Object>> first, List<Map<String, Object>> second) throws Exception {
    Wish wish = next(first, second);
    tell(wish);
    await(wish);
  }

  /** Waits until all nodes have reached a wish. */
  void await(Wish wish) throws Exception {
    Await.until("generation " + wish.generation(), () -> isReached(wish));
  }

  /** Whether all nodes have reached a wish. */
  boolean isReached(Wish wish) throws IOException, InterruptedException {
    for (TestNode node : nodes.both()) {
      JsonNode status = status(node);
      if (!status.path("isAsWished").booleanValue()
          || status.path("generation").longValue() != wish.generation()) {
        return false;
      }
    }
    return true;
  }

  /** What the node would do. */
  JsonNode plan(TestNode node, Wish wish) throws Exception {
    JsonNode answer =
        user.send("PUT", node, CONFIGURATION + "?dry-run=true", wish.document()).succeed();
    return answer.path("plan");
  }

  /** How far a node is. */
  JsonNode status(TestNode node) throws IOException, InterruptedException {
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
