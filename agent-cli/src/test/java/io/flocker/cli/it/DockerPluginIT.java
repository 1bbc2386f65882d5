package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.docker.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons, two pools and two engines whose volume plugins they are. */
@Timeout(300)
class DockerPluginIT {
  private static final String PLUGIN = "flocker";
  private static final VolumeName VOLUME = VolumeName.parse("default.db");

  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  private static final List<TestEngine> ENGINES = new ArrayList<>();
  private static final List<Path> SHARED = new ArrayList<>();

  @BeforeAll
  static void begin(@TempDir Path folder) throws Exception {
    for (TestNode node : List.of(NODES.first(), NODES.second())) {
      Path root = node.pool().mounts();
      String _ = TestEngine.run("mount", "--bind", root.toString(), root.toString());
      SHARED.add(root);
      String _ = TestEngine.run("mount", "--make-shared", root.toString());
      TestEngine engine = TestEngine.start("DockerPluginIT");
      ENGINES.add(engine);
      Path socket = folder.resolve(String.valueOf(ENGINES.size())).resolve("f.sock");
      node.stop();
      node.settings(
          "engine: {socket: %s}\ndocker-plugin: {socket: %s}".formatted(engine.socket(), socket));
      node.start();
      engine.plugin(PLUGIN, socket);
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
  void aVolumeFollowsTheContainersThatUseIt() throws Exception {
    String _ = run(ENGINES.getFirst(), "echo one > /data/said");
    requireOwner(NODES.first());

    assertEquals("one", run(ENGINES.getLast(), "cat /data/said; echo two >> /data/said"));
    requireOwner(NODES.second());
    assertEquals(
        NODES.second().id().toString(),
        ENGINES.getLast().docker("volume", "inspect", "-f", "{{.Status.owner}}", "db"));
    assertEquals("global", ENGINES.getLast().docker("volume", "inspect", "-f", "{{.Scope}}", "db"));

    String holder =
        ENGINES
            .getLast()
            .docker(
                "run",
                "--detach",
                "--volume-driver",
                PLUGIN,
                "--volume",
                "db:/data",
                TestEngine.IMAGE,
                "sleep",
                "1000");
    requireRefused("in use", "cat /data/said");
    NODES.second().crashAndStart();
    requireRefused("in use", "cat /data/said");
    requireOwner(NODES.second());
    assertEquals("one\ntwo", ENGINES.getLast().docker("exec", holder, "cat", "/data/said"));

    String _ = ENGINES.getLast().docker("rm", "--force", holder);
    assertEquals("one\ntwo", run(ENGINES.getFirst(), "cat /data/said"));
    requireOwner(NODES.first());

    String _ = ENGINES.getFirst().docker("volume", "rm", "db");
    requireOwner(NODES.first());
    requireUnseen(NODES.first(), ENGINES.getFirst());
  }

  /** What is mounted from now on is not passed on: the engine would see the bare folder below. */
  private static void requireUnseen(TestNode node, TestEngine engine) throws Exception {
    String _ = TestEngine.run("mount", "--make-private", node.pool().mounts().toString());

    IOException refusal =
        assertThrows(
            IOException.class,
            () ->
                engine.docker(
                    "run",
                    "--rm",
                    "--volume-driver",
                    PLUGIN,
                    "--volume",
                    "unseen:/data",
                    TestEngine.IMAGE,
                    "true"));

    assertSays("--make-shared", refusal);
  }

  private static void requireRefused(String why, String script) {
    IOException refusal = assertThrows(IOException.class, () -> run(ENGINES.getFirst(), script));
    assertSays(why, refusal);
  }

  private static void assertSays(String words, IOException refusal) {
    String said = String.valueOf(refusal.getMessage());
    assertTrue(said.contains(words), said);
  }

  private static String run(TestEngine engine, String script)
      throws IOException, InterruptedException {
    return engine.docker(
        "run",
        "--rm",
        "--volume-driver",
        PLUGIN,
        "--volume",
        "db:/data",
        TestEngine.IMAGE,
        "sh",
        "-c",
        script);
  }

  /** One owns the volume, and only there it is mounted. */
  private static void requireOwner(TestNode owner) throws Exception {
    VolumeDocument here = owner.client().volume(VOLUME);
    assertEquals(Role.OWNER, here.role());
    assertTrue(here.mounted());
    TestNode other = owner == NODES.first() ? NODES.second() : NODES.first();
    assertTrue(Files.notExists(other.pool().mounts().resolve(VOLUME.toString()).resolve("said")));
  }
}
