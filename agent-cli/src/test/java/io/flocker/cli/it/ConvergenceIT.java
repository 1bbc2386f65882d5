package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.docker.TestEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Two daemons, two pools and two engines that are told the same wish. */
@Timeout(300)
class ConvergenceIT {
  private static final String CONFIGURATION = "/v1/configuration";
  private static final String VOLUME = "default.counter";

  /** Counts in its volume, and ends at once where it is told to. */
  private static final String COUNTING =
      """
      trap 'exit 0' TERM; n=0; read n < /data/count;
      while :; do n=$((n+1)); echo $n > /data/new; mv /data/new /data/count; sleep 0.1; done\
      """;

  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  private static final List<TestEngine> ENGINES = new ArrayList<>();
  private static final List<Path> SHARED = new ArrayList<>();

  @BeforeAll
  static void begin() throws Exception {
    for (TestNode node : List.of(NODES.first(), NODES.second())) {
      Path root = node.pool().mounts();
      String _ = TestEngine.run("mount", "--bind", root.toString(), root.toString());
      SHARED.add(root);
      String _ = TestEngine.run("mount", "--make-shared", root.toString());
      TestEngine engine = TestEngine.start("ConvergenceIT");
      ENGINES.add(engine);
      node.stop();
      node.settings("engine: {socket: %s}".formatted(engine.socket()));
      node.start();
    }
  }

  @AfterAll
  static void end() throws Exception {
    ENGINES.forEach(TestEngine::close);
    for (Path root : SHARED) {
      String _ = TestEngine.run("umount", "--recursive", "--lazy", root.toString());
    }
  }

  @Test
  @DisplayName("C04 an application moves with its volume and back, and loses nothing that it wrote")
  void anApplicationMovesWithItsVolume() throws Exception {
    CertifiedCaller user = new CertifiedCaller(NODES.user());

    tell(user, 1, NODES.first());
    awaitAsWished(user, 1);
    long first = countBeyond(NODES.first(), 0);

    tell(user, 2, NODES.second());
    awaitAsWished(user, 2);
    requireAlone(NODES.second(), NODES.first());
    long second = countBeyond(NODES.second(), first);

    tell(user, 3, NODES.first());
    awaitAsWished(user, 3);
    requireAlone(NODES.first(), NODES.second());
    var _ = countBeyond(NODES.first(), second);
  }

  private static void tell(CertifiedCaller user, long generation, TestNode where) throws Exception {
    Map<String, Object> wish =
        Map.of(
            "generation",
            generation,
            "applications",
            List.of(
                Map.of(
                    "name",
                    "counter",
                    "image",
                    TestEngine.IMAGE,
                    "pullPolicy",
                    "never",
                    "program",
                    Map.of("command", List.of("sh", "-c", COUNTING)),
                    "volumes",
                    List.of(Map.of("name", VOLUME, "mountpoint", "/data")))),
            "nodes",
            List.of(Map.of("node", where.id().toString(), "applications", List.of("counter"))));
    for (TestNode node : List.of(NODES.first(), NODES.second())) {
      JsonNode _ = user.send("PUT", node, CONFIGURATION, wish).succeed();
    }
  }

  private static void awaitAsWished(CertifiedCaller user, long generation) throws Exception {
    for (TestNode node : List.of(NODES.first(), NODES.second())) {
      Await.until(
          "generation " + generation,
          () -> {
            JsonNode status = user.get(node, CONFIGURATION + "/status").succeed();
            return status.path("isAsWished").booleanValue()
                && status.path("generation").longValue() == generation;
          });
    }
  }

  /** One owns the volume, and only there it is mounted. */
  private static void requireAlone(TestNode owner, TestNode other) throws Exception {
    VolumeDocument here = owner.client().volume(VolumeName.parse(VOLUME));
    assertEquals(Role.OWNER, here.role());
    assertEquals(Role.REPLICA, other.client().volume(VolumeName.parse(VOLUME)).role());
    assertTrue(Files.notExists(other.pool().mounts().resolve(VOLUME).resolve("count")));
  }

  /** What the application has counted there: never less than before, and it goes on. */
  private static long countBeyond(TestNode node, long before) throws Exception {
    Path file = node.pool().mounts().resolve(VOLUME).resolve("count");
    Await.until("a count", () -> Files.exists(file) && count(file) > 0);
    long now = count(file);
    assertTrue(now >= before, now + " after " + before);
    Await.until("it counts on", () -> count(file) > now);
    return count(file);
  }

  private static long count(Path file) throws Exception {
    String text = Files.readString(file).strip();
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }
}
