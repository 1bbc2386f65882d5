package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.command.CommandEnvironment;
import io.flocker.cli.command.CommandTree;
import io.flocker.cli.console.NoTerminal;
import io.flocker.core.id.Address;
import io.flocker.core.peer.Peer;
import io.flocker.core.peer.Takeover;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.VolumeDocument;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons, two pools and two engines that are told the same wish. */
@Timeout(300)
class ConvergenceIT {
  private static final String VOLUME = "default.counter";
  private static final List<String> NAMES = List.of("one.example", "two.example");

  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  @TempDir static Path folder;

  private static TwoEngines engines;

  @BeforeAll
  static void begin() throws Exception {
    engines = TwoEngines.give(NODES, "ConvergenceIT");
    for (TestNode node : NODES.both()) {
      engines.of(node).makeImage("flocker/counting", "sh", "-c", Counting.PROGRAM);
    }
    callByName(NODES.first(), NODES.second(), NAMES.getLast());
    callByName(NODES.second(), NODES.first(), NAMES.getFirst());
  }

  private static void callByName(TestNode node, TestNode other, String name) throws Exception {
    List<Address> addresses =
        List.of(Address.parse(other.address()), new Address(name, other.port()));
    Peer _ = node.client().putPeer(new Peer(other.id(), addresses, Takeover.NEVER));
  }

  @AfterAll
  static void end() throws Exception {
    if (engines != null) {
      engines.close();
    }
  }

  @Test
  @DisplayName("C04 an application moves with its volume and back, and loses nothing that it wrote")
  void anApplicationMovesWithItsVolume() throws Exception {
    List<Map<String, Object>> counter =
        List.of(Wishes.application("counter", Counting.PROGRAM, VOLUME));
    Wishes wishes = new Wishes(NODES);

    wishes.bring(counter, List.of());
    long first = Counting.beyond(NODES.first(), VOLUME, 0);

    wishes.bring(List.of(), counter);
    requireAlone(VOLUME, NODES.second(), NODES.first());
    long second = Counting.beyond(NODES.second(), VOLUME, first);

    wishes.bring(counter, List.of());
    requireAlone(VOLUME, NODES.first(), NODES.second());
    var _ = Counting.beyond(NODES.first(), VOLUME, second);
  }

  @Test
  @DisplayName("one command moves an application, and tells a node that was down once it is back")
  void aCommandDeploysToTheCluster() throws Exception {
    String volume = "default.deployed";
    Path applications =
        Files.writeString(
            folder.resolve("application.yml"),
            "version: 1\napplications: {deployed: {image: flocker/counting, volume: {mountpoint:"
                + " /data}}}\n");

    assertEquals(0, deploy(NODES.first(), deployment("[deployed]", "[]"), applications));
    long first = Counting.beyond(NODES.first(), volume, 0);

    assertEquals(0, deploy(NODES.first(), deployment("[]", "[deployed]"), applications));
    requireAlone(volume, NODES.second(), NODES.first());
    long second = Counting.beyond(NODES.second(), volume, first);

    NODES.first().stop();
    assertEquals(3, deploy(NODES.second(), deployment("[]", "[deployed]"), applications));
    NODES.first().start();
    long generation = NODES.second().client().configuration().generation();
    assertEquals(generation - 1, NODES.first().client().configuration().generation());
    assertEquals(0, flocker(NODES.second(), "deploy", "--again", "--yes"));
    assertEquals(generation, NODES.first().client().configuration().generation());
    var _ = Counting.beyond(NODES.second(), volume, second);
  }

  @Test
  @DisplayName("a cluster is deployed to by the commands of 2014, over ssh and in their order")
  void theOldCommandsMoveAnApplication() throws Exception {
    String volume = "default.old";
    String applications =
        "applications: {old: {image: flocker/counting, environment: {GREETING: 'yes'}, volume:"
            + " {mountpoint: /data}}}\nversion: 1\n";
    try (Sshd first = sshd(NODES.first());
        Sshd second = sshd(NODES.second())) {
      List<Sshd> nodes = List.of(first, second);

      changeState(
          nodes, "nodes: {one.example: [old], two.example: []}\nversion: 1\n", applications);
      long before = Counting.beyond(NODES.first(), volume, 0);

      changeState(
          nodes, "nodes: {one.example: [], two.example: [old]}\nversion: 1\n", applications);
      requireAlone(volume, NODES.second(), NODES.first());
      var _ = Counting.beyond(NODES.second(), volume, before);
      assertTrue(reportState(first).startsWith("applications: {}\n"));
      assertTrue(
          reportState(second)
              .startsWith(
                  """
                  applications:
                    old:
                      environment: {GREETING: 'yes'}
                      image: flocker/counting:latest
                      volume: {mountpoint: /data}
                  used_ports: [\
                  """));

      Sshd.Ran failed =
          second.run(
              "flocker-changestate",
              "nodes: {nowhere.example: [old]}\nversion: 1\n",
              applications,
              "{}",
              "two.example");
      assertEquals(1, failed.exit(), failed::toString);
      assertEquals("", failed.out());
      assertTrue(failed.err().contains("application old"), failed::err);
      assertTrue(failed.err().contains("nowhere.example"), failed::err);
    }
  }

  /** As flocker-deploy 0.3 did: all states, one document of them, all changes at once. */
  private static void changeState(List<Sshd> nodes, String deployment, String applications)
      throws Exception {
    StringBuilder current = new StringBuilder();
    for (int index = 0; index < nodes.size(); index++) {
      current
          .append(NAMES.get(index))
          .append(":\n")
          .append(reportState(nodes.get(index)).indent(2));
    }
    List<CompletableFuture<Sshd.Ran>> changes = new ArrayList<>();
    for (int index = 0; index < nodes.size(); index++) {
      Sshd node = nodes.get(index);
      String name = NAMES.get(index);
      CompletableFuture<Sshd.Ran> change = new CompletableFuture<>();
      changes.add(change);
      Thread _ =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  change.complete(
                      node.run(
                          "flocker-changestate",
                          deployment,
                          applications,
                          current.toString(),
                          name));
                } catch (IOException | InterruptedException e) {
                  change.completeExceptionally(e);
                }
              });
    }
    for (CompletableFuture<Sshd.Ran> change : changes) {
      assertEquals(new Sshd.Ran(0, "", ""), change.get());
    }
  }

  private static String reportState(Sshd node) throws Exception {
    Sshd.Ran report = node.run("flocker-reportstate");
    assertEquals(0, report.exit(), report::toString);
    assertEquals("", report.err());
    return report.out();
  }

  private static Sshd sshd(TestNode node) throws Exception {
    Path own = Files.createDirectories(folder.resolve(node.id().toString()));
    Path certificates = Files.createDirectory(own.resolve("certificates"));
    Files.copy(NODES.cluster().authorityFile(), certificates.resolve("cluster.crt"));
    CredentialFiles _ = NODES.cluster().local(node.id()).save(certificates, "local");
    Path programs = Path.of("target", "dist", "bin").toAbsolutePath();
    return Sshd.start(
        Files.createDirectory(own.resolve("sshd")),
        Map.of(
            "PATH", programs + ":/usr/sbin:/usr/bin:/sbin:/bin",
            "FLOCKER_URL", node.url().toString(),
            "FLOCKER_CERTIFICATES", certificates.toString()));
  }

  private static Path deployment(String first, String second) throws Exception {
    return Files.writeString(
        folder.resolve("deployment.yml"),
        "version: 1\nnodes: {%s: %s, %s: %s}\n"
            .formatted(NODES.first().id(), first, NODES.second().id(), second));
  }

  private static int deploy(TestNode asked, Path deployment, Path applications) {
    return flocker(asked, "deploy", deployment.toString(), applications.toString(), "--yes");
  }

  private static int flocker(TestNode asked, String... words) {
    CredentialFiles user = NODES.cluster().files("tester");
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.addAll(
        List.of(
            "--url", asked.url().toString(),
            "--ca", NODES.cluster().authorityFile().toString(),
            "--cert", user.certificate().toString(),
            "--key", user.key().toString()));
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    int code =
        CommandTree.of(
                new CommandEnvironment(Map.of(), Path.of("/nowhere"), out, out, new NoTerminal()))
            .execute(arguments.toArray(new String[0]));
    System.out.println(said);
    return code;
  }

  /** One owns the volume, and only there it is mounted. */
  private static void requireAlone(String name, TestNode owner, TestNode other) throws Exception {
    VolumeDocument here = owner.client().volume(VolumeName.parse(name));
    assertEquals(Role.OWNER, here.role());
    assertEquals(Role.REPLICA, other.client().volume(VolumeName.parse(name)).role());
    assertTrue(Files.notExists(other.pool().mounts().resolve(name).resolve("count")));
  }
}
