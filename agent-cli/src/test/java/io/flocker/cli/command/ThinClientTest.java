package io.flocker.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.Flocker;
import io.flocker.core.id.NodeId;
import io.flocker.core.os.TestJvm;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.TestCluster;
import io.flocker.http.client.FakeDaemon;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands run wherever a JVM does: with nothing native, and without the libraries of the
 * daemon and of full screens.
 */
class ThinClientTest {
  private static final NodeId NODE = NodeId.parse("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
  private static final List<String> OF_OTHERS =
      List.of(
          "netty",
          "tcnative",
          "sqlite",
          "jctools",
          "jline",
          "json-schema-validator",
          "log4j",
          "bcp",
          "bcutil",
          "prometheus",
          "agent-zfs",
          "agent-transfer");

  @TempDir private Path folder;

  @Test
  void asksANodeWithoutTheLibrariesOfTheDaemon() throws Exception {
    TestCluster cluster = TestCluster.create(folder);
    cluster.user("alice");
    CredentialFiles user = cluster.files("alice");
    try (FakeDaemon daemon = new FakeDaemon(cluster.node(NODE))) {
      daemon.answer(
          "GET /v1/node",
          200,
          """
          {"node":"%s","bootId":"11111111-2222-4333-8444-555555555555","url":"https://127.0.0.1:1",
           "pool":{"name":"tank","sizeBytes":2,"freeBytes":1,"health":"ONLINE"},"stuck":[],"warnings":[],
           "zfs":{"version":"0.7","sendFlags":[],"receiveFlags":[],"poolFeatures":[],
           "canResume":false,"canBookmark":false,"canEstimate":false}}
          """
              .formatted(NODE));

      Process command =
          flocker(
              "node",
              "--url",
              daemon.url().toString(),
              "--ca",
              cluster.authorityFile().toString(),
              "--cert",
              user.certificate().toString(),
              "--key",
              user.key().toString());
      String said = new String(command.getInputStream().readAllBytes(), UTF_8);

      assertEquals(0, command.waitFor(), said);
      assertTrue(said.contains(NODE.toString()), said);
    }
  }

  @Test
  void readsALogWithoutTheLibrariesOfTheDaemon() throws Exception {
    Path log =
        Files.writeString(
            folder.resolve("a.json"),
            "{\"timestamp\":1,\"message_type\":\"flocker:pool:back\",\"task_level\":[1],"
                + "\"task_uuid\":\"1\"}\n");

    Process command = flocker("logs", log.toString());
    String said = new String(command.getInputStream().readAllBytes(), UTF_8);

    assertEquals(0, command.waitFor(), said);
    assertTrue(said.endsWith("  pool:back\n"), said);
  }

  private static Process flocker(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(TestJvm.program(), "-cp", classPath(), Flocker.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String classPath() {
    return Stream.of(TestJvm.classPath().split(File.pathSeparator))
        .filter(entry -> OF_OTHERS.stream().noneMatch(entry::contains))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
