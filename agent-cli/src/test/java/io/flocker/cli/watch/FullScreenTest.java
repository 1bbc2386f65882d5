package io.flocker.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flocker.cli.Flocker;
import io.flocker.core.id.NodeId;
import io.flocker.core.os.TestJvm;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.TestCluster;
import io.flocker.http.client.FakeDaemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code flocker status --watch} in a terminal, over a node of a thousand volumes. */
@Timeout(300)
class FullScreenTest {
  private static final int VOLUMES = 1_000;

  @TempDir private Path folder;
  private FakeDaemon daemon;
  private Path script;

  @BeforeEach
  void startNode() throws Exception {
    assumeTrue(Tmux.isInstalled(), "needs tmux");
    TestCluster cluster = TestCluster.create(folder);
    cluster.user("alice");
    CredentialFiles user = cluster.files("alice");
    daemon = new FakeDaemon(cluster.node(NodeId.random()));
    Told told = new Told(Instant.now()).peer("node-2", true).peer("node-3", false);
    IntStream.range(0, VOLUMES).forEach(i -> told.volume("default.v%03d".formatted(i), i));
    told.copy("default.v500", "node-3", "failed", 90).by(daemon);
    script =
        Files.writeString(
            folder.resolve("script"),
            """
            trap : INT # As a shell does that somebody types into.
            echo before
            stty -g > '%1$s/stty'
            '%2$s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED \\
              -cp '%3$s' %4$s status --watch \\
              --url %5$s --ca '%6$s' --cert '%7$s' --key '%8$s'
            echo "ended $?"
            stty -g | cmp - '%1$s/stty' && echo restored
            exec sleep 600
            """
                .formatted(
                    folder,
                    TestJvm.program(),
                    TestJvm.classPath(),
                    Flocker.class.getName(),
                    daemon.url(),
                    cluster.authorityFile(),
                    user.certificate(),
                    user.key()));
  }

  @AfterEach
  void stopNode() {
    if (daemon != null) {
      daemon.close();
    }
  }

  @Test
  void followsKeysAndWindowAndKeepsWhatWasKnown() throws Exception {
    try (Tmux terminal = new Tmux(folder, script)) {
      List<String> first = terminal.await(lines -> foot(lines).startsWith("1-"));
      assertTrue(foot(first).contains(" of 1000  by state"), first::toString);
      assertTrue(first.stream().anyMatch(line -> line.startsWith("default.v500  here   failed")));
      assertTrue(first.stream().noneMatch(line -> line.contains("before")), first::toString);
      assertEquals("0 1", terminal.state(), "without a cursor, on the other screen");

      terminal.press("G");
      terminal.await(lines -> foot(lines).contains("-1000 of 1000"));
      terminal.resize(40, 10);
      terminal.await(lines -> lines.size() == 10 && foot(lines).contains("-1000 of 1000"));
      terminal.press("/", "V12");
      terminal.await(lines -> foot(lines).equals("only volumes with: V12_"));
      terminal.press("Enter");
      terminal.await(lines -> foot(lines).contains(" of 10 "));
      terminal.press("Escape");
      terminal.await(lines -> foot(lines).contains(" of 1000 "));

      daemon.close();
      terminal.await(lines -> lines.get(1).contains(" old: no answer"));
      assertTrue(foot(terminal.screen()).contains(" of 1000 "), "what was known stays");

      terminal.press("q");
      assertLeftAsItWas(terminal, "ended 0");
    }
  }

  @Test
  void leavesTheScreenAsItWasHoweverItIsEnded() throws Exception {
    try (Tmux terminal = new Tmux(folder, script)) {
      terminal.await(lines -> foot(lines).startsWith("1-"));
      terminal.press("C-c");
      assertLeftAsItWas(terminal, "ended 130");
    }
    try (Tmux terminal = new Tmux(folder, script)) {
      terminal.await(lines -> foot(lines).startsWith("1-"));
      terminal.program().children().forEach(ProcessHandle::destroy);
      assertLeftAsItWas(terminal, "ended 143");
    }
  }

  private static void assertLeftAsItWas(Tmux terminal, String end) throws Exception {
    List<String> left = terminal.await(lines -> lines.contains("restored"));
    assertEquals(List.of("before", end, "restored"), left.subList(0, 3));
    assertEquals("1 0", terminal.state(), "with a cursor, on the first screen");
  }

  private static String foot(List<String> lines) {
    return lines.isEmpty() ? "" : lines.getLast();
  }
}
