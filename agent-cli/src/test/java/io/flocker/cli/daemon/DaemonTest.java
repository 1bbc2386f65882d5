package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.TestCluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the daemon says of its settings, without being started. */
class DaemonTest {
  private static final NodeId NODE = NodeId.parse("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");

  @TempDir private Path folder;
  private Path file;
  private Path identity;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void configure() throws Exception {
    identity = folder.resolve("volume.json");
    file =
        Files.writeString(
            folder.resolve("flockerd.yml"),
            """
            version: 1
            certificates: %s
            identity: %s
            hooks: {freeze: {command: [/bin/freeze, SECRET], environment: {KEY: SECRET}}}
            """
                .formatted(folder, identity));
  }

  @Test
  void printsWhatHoldsAndWhereItIsSaid() throws Exception {
    Path part =
        Files.writeString(
            Files.createDirectory(folder.resolve("conf.d")).resolve("10-pool.yml"), "pool: tank\n");

    assertEquals(0, flockerd("--print-config"), err.toString());

    List<String> lines = out.toString().lines().toList();
    assertTrue(lines.contains("pool: tank  # " + part + ":1"), out.toString());
    assertTrue(lines.contains("identity: " + identity + "  # " + file + ":3"), out.toString());
    assertTrue(lines.contains("transfer.heartbeat: 5s  # default"), out.toString());
    assertTrue(lines.contains("state: /var/lib/flocker  # default"), out.toString());
    assertTrue(lines.contains("# transfer.rate is not given"), out.toString());
    assertTrue(
        lines.contains("hooks.freeze.command: (left out)  # " + file + ":4"), out.toString());
    assertFalse(out.toString().contains("SECRET"), out.toString());
  }

  @Test
  void saysWhichFileIsWrong() throws Exception {
    Files.writeString(
        Files.createDirectory(folder.resolve("conf.d")).resolve("10-pool.yml"), "pol: tank\n");

    for (String option : List.of("--check", "--check-config", "--print-config")) {
      assertEquals(78, flockerd(option));
      assertTrue(err.toString().contains("conf.d/10-pool.yml: line 1: pol is unknown"), option);
      err.getBuffer().setLength(0);
    }
  }

  @Test
  void whatKeysAreCalledDoesNotTouchTheTerminal() throws Exception {
    Files.writeString(
        Files.createDirectory(folder.resolve("conf.d")).resolve("10-a.yml"),
        "\"\\e[2Ja\": 1\nb: 2\n");

    for (String option : List.of("--check", "--check-config", "--print-config")) {
      assertEquals(78, flockerd(option));
      assertTrue(err.toString().contains("\\x{1b}[2Ja is unknown"), err.toString());
      assertEquals(3, err.toString().lines().count(), err.toString());
      assertFalse(err.toString().contains("\033"), option);
      err.getBuffer().setLength(0);
    }
  }

  @Test
  @DisplayName("X10 --check-config says what is wrong, of certificates too, by its status")
  void checksCertificatesToo() throws Exception {
    assertEquals(0, flockerd("--check"), err.toString());
    assertEquals(1, flockerd("--check-config"));
    assertTrue(err.toString().contains(identity + " is missing"), err.toString());

    Files.writeString(identity, "{\"uuid\": \"" + NODE + "\", \"version\": 1}");
    assertEquals(1, flockerd("--check-config"));
    assertTrue(err.toString().contains("cluster.crt"), err.toString());

    show(NodeId.random());
    assertEquals(1, flockerd("--check-config"));
    assertTrue(err.toString().contains("says that this is node " + NODE), err.toString());

    show(NODE);
    assertEquals(0, flockerd("--check-config"), err.toString());
    assertTrue(out.toString().contains("is that of node-" + NODE + " until 20"), out.toString());
    try (Stream<Path> left = Files.list(folder)) {
      assertFalse(left.anyMatch(path -> path.endsWith("flockerd.db")));
    }
  }

  /** Puts the certificate of a node where the settings have this node's. */
  private void show(NodeId node) throws Exception {
    for (String name : List.of("cluster.crt", "node.crt", "node.key")) {
      Files.deleteIfExists(folder.resolve(name));
    }
    TestCluster cluster = TestCluster.create(Files.createTempDirectory(folder, "ca"));
    var _ = cluster.node(node);
    CredentialFiles files = cluster.files(node.toString());
    Files.copy(cluster.authorityFile(), folder.resolve("cluster.crt"));
    Files.copy(files.certificate(), folder.resolve("node.crt"));
    Files.copy(files.key(), folder.resolve("node.key"));
  }

  private int flockerd(String option) {
    return new CommandLine(new DaemonCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(option, "--config", file.toString());
  }
}
