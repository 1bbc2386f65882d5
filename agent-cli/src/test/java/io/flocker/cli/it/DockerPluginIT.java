package io.flocker.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.command.CommandEnvironment;
import io.flocker.cli.command.CommandTree;
import io.flocker.cli.console.Terminal;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.docker.TestEngine;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

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

  @Test
  void aVolumeOfNomadsFollowsIt() throws Exception {
    Path first = created(nomad(NODES.first(), "create"));
    Files.writeString(first.resolve("said"), "one");

    Path second = created(nomad(NODES.second(), "create"));
    assertEquals(second, created(nomad(NODES.second(), "create")));

    assertEquals("one", Files.readString(second.resolve("said")));
    assertTrue(Files.notExists(first.resolve("said")));
    assertEquals("", nomad(NODES.second(), "delete"));
    assertEquals("one", Files.readString(second.resolve("said")), "kept");
  }

  /** What Nomad reads of the plugin's answer. */
  private static String nomad(TestNode node, String operation) {
    CredentialFiles user = NODES.cluster().files("tester");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandEnvironment environment =
        new CommandEnvironment(
            Map.of(
                "DHV_OPERATION", operation,
                "DHV_NAMESPACE", "prod",
                "DHV_VOLUME_NAME", "data",
                "DHV_CAPACITY_MIN_BYTES", "16777216",
                "DHV_CAPACITY_MAX_BYTES", "16777216",
                "DHV_PARAMETERS", "null",
                "FLOCKER_URL", node.url().toString()),
            Path.of("/nowhere"),
            new PrintWriter(out),
            new PrintWriter(err),
            Terminal.ofProcess());
    int code =
        CommandTree.of(environment)
            .execute(
                "--ca",
                NODES.cluster().authorityFile().toString(),
                "--cert",
                user.certificate().toString(),
                "--key",
                user.key().toString(),
                "nomad-host-volume",
                operation);
    assertEquals(0, code, err::toString);
    return out.toString().strip();
  }

  private static Path created(String answer) {
    JsonNode document = Json.read(answer.getBytes(UTF_8));
    assertEquals(16_777_216, document.path("bytes").longValue());
    return Path.of(document.path("path").asString());
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
