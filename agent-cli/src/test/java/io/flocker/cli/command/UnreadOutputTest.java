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
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code flocker events | head -1} does. */
class UnreadOutputTest {
  private static final Map<String, String> STREAM = Map.of("Content-Type", "text/event-stream");
  private static final String EVENT =
      """
      id: 11111111-2222-4333-8444-555555555555-1
      event: peer.changed
      data: {"type":"peer.changed","time":"2026-11-26T08:00:00Z"}

      """;
  private static final long DEADLINE_SECONDS = 60;

  @TempDir private Path folder;

  @Test
  void endsWithItsReaderThoughNothingHappensAnyMore() throws Exception {
    TestCluster cluster = TestCluster.create(folder);
    cluster.user("alice");
    CredentialFiles user = cluster.files("alice");
    try (FakeDaemon daemon = new FakeDaemon(cluster.node(NodeId.random()))) {
      daemon
          .answer("GET /v1/events", 200, EVENT, STREAM)
          .answer("GET /v1/events", 200, ": nothing happens\n\n", STREAM);
      Process command =
          new ProcessBuilder(
                  TestJvm.program(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  TestJvm.classPath(),
                  Flocker.class.getName(),
                  "events",
                  "--url",
                  daemon.url().toString(),
                  "--ca",
                  cluster.authorityFile().toString(),
                  "--cert",
                  user.certificate().toString(),
                  "--key",
                  user.key().toString())
              .redirectError(Redirect.INHERIT)
              .start();
      try (BufferedReader head =
          new BufferedReader(new InputStreamReader(command.getInputStream(), UTF_8))) {
        String line = head.readLine();
        assertTrue(String.valueOf(line).contains("peer.changed"), line);
      }

      boolean hasEnded = command.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);

      command.destroyForcibly();
      assertTrue(hasEnded, "it waits for the next event");
      assertEquals(ExitCode.UNREAD, command.exitValue());
    }
  }
}
