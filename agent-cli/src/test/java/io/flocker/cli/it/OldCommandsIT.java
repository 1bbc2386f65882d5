package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.it.Sshd.Ran;
import io.flocker.core.id.NodeId;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.SnapshotDocument;
import io.flocker.http.api.VolumeDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code flocker-volume} on the second node, called over ssh as other nodes called it in 2014. */
@Timeout(300)
class OldCommandsIT {
  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  @TempDir static Path folder;

  private static Sshd sshd;

  @BeforeAll
  static void start() throws Exception {
    Path certificates = Files.createDirectory(folder.resolve("certificates"));
    Files.copy(NODES.cluster().authorityFile(), certificates.resolve("cluster.crt"));
    CredentialFiles local = NODES.cluster().local(NODES.second().id()).save(certificates, "local");
    assertTrue(Files.exists(local.certificate()));
    Path programs = Path.of("target", "dist", "bin").toAbsolutePath();
    sshd =
        Sshd.start(
            Files.createDirectory(folder.resolve("sshd")),
            Map.of(
                "PATH", programs + ":/usr/sbin:/usr/bin:/sbin:/bin",
                "FLOCKER_URL", NODES.second().url().toString(),
                "FLOCKER_CERTIFICATES", certificates.toString()));
  }

  @AfterAll
  static void stop() {
    sshd.close();
  }

  @Test
  @DisplayName("123 snapshots are listed oldest first, and none where there is no volume")
  void listsSnapshotsOldestFirstAndNothingWhereThereIsNoVolume() throws Exception {
    NODES.second().create("old.snapshots");
    SnapshotDocument first = snapshot("old.snapshots");
    SnapshotDocument second = snapshot("old.snapshots");

    assertEquals(
        new Ran(0, first.name() + "\n" + second.name() + "\n", ""),
        volume("snapshots", self(), "old.snapshots"));
    assertEquals(new Ran(0, "", ""), volume("snapshots", self(), "old.nothing"));
    assertEquals(
        new Ran(0, "", ""), volume("snapshots", NodeId.random().toString(), "old.snapshots"));
  }

  @Test
  void receivesAFullStreamAndThenAnIncrement() throws Exception {
    VolumeDocument source = NODES.first().create("old.stream");
    String owner = NodeId.random().toString();
    Content.write(TestNode.folder(source).resolve("a"), 1 << 20, 1);
    Zfs.run("snapshot", source.dataset() + "@a");
    Content.write(TestNode.folder(source).resolve("b"), 1 << 20, 2);
    Zfs.run("snapshot", source.dataset() + "@b");

    assertEquals(
        new Ran(0, "", ""),
        sshd.run(
            stream(source.dataset() + "@a"), "flocker-volume", "receive", owner, "old.stream"));
    Path increment = stream("-i", source.dataset() + "@a", source.dataset() + "@b");
    assertEquals(
        new Ran(0, "", ""), sshd.run(increment, "flocker-volume", "receive", owner, "old.stream"));

    assertEquals(new Ran(0, "a\nb\n", ""), volume("snapshots", owner, "old.stream"));
    String copy = NODES.second().pool().dataset(owner + ".old.stream");
    assertEquals(
        Content.of(TestNode.folder(source)), Zfs.content(NODES.second().pool(), copy + "@b"));
    assertEquals("on", Zfs.property(copy, "readonly"));
    NODES.second().awaitLogged("flocker:transfer:unproven");

    Ran again = sshd.run(increment, "flocker-volume", "receive", owner, "old.stream");
    assertEquals(1, again.exit(), again::toString);
    assertEquals(List.of("a", "b"), Zfs.snapshots(copy));
  }

  @Test
  void takesNoStreamIntoAVolumeThatFlockerdKeeps() throws Exception {
    VolumeDocument kept = NODES.first().create("old.kept");
    NODES.first().push(kept.id(), NODES.second());
    SnapshotDocument pushed = TestNode.latest(NODES.second().volume(kept.id()));
    Zfs.run("snapshot", kept.dataset() + "@more");
    Path increment = stream("-i", kept.dataset() + "@" + pushed.name(), kept.dataset() + "@more");

    for (String owner : List.of(other(), self())) {
      Ran refused = sshd.run(increment, "flocker-volume", "receive", owner, "old.kept");
      assertEquals(1, refused.exit(), refused::toString);
      assertEquals("", refused.out());
      assertTrue(refused.err().startsWith("flocker-volume: "), refused::err);
    }

    assertEquals(pushed.guid(), TestNode.latest(NODES.second().volume(kept.id())).guid());
  }

  @Test
  void saysWhatIsWrongWithAStream() throws Exception {
    Path garbage = Files.writeString(folder.resolve("garbage"), "x".repeat(4_096));
    String owner = NodeId.random().toString();

    Ran refused = sshd.run(garbage, "flocker-volume", "receive", owner, "old.garbage");

    assertEquals(1, refused.exit(), refused::toString);
    assertTrue(refused.err().contains("BEGIN record"), refused::err);
    String copy = NODES.second().pool().dataset(owner + ".old.garbage");
    assertFalse(Zfs.exists(NODES.second().pool(), copy));
  }

  @Test
  @DisplayName(
      "16 55 acquire takes what its owner has released, says who owns it now, and no own volume")
  void acquiresOnlyWhatTheOwnerHasReleased() throws Exception {
    VolumeDocument moved = NODES.first().create("old.moved");
    NODES.first().push(moved.id(), NODES.second());

    Ran early = volume("acquire", other(), "old.moved");
    assertEquals(1, early.exit(), early::toString);
    assertEquals("", early.out());
    assertTrue(early.err().contains("flocker volume handoff old.moved " + self()), early::err);

    NODES.first().handOff(moved.id(), NODES.second());
    assertEquals(new Ran(0, self(), ""), volume("acquire", other(), "old.moved"));
    assertEquals(1, volume("acquire", self(), "old.moved").exit());
  }

  @Test
  void clonesAReplicaIntoAVolumeOfItsOwn() throws Exception {
    VolumeDocument parent = NODES.first().create("old.parent");
    Content.write(TestNode.folder(parent).resolve("file"), 1 << 20, 3);
    NODES.first().push(parent.id(), NODES.second());

    assertEquals(new Ran(0, "", ""), volume("clone_to", other(), "old.parent", "old.child"));

    VolumeDocument child = NODES.second().client().volume(VolumeName.parse("old.child"));
    assertEquals(Role.OWNER, child.role());
    assertEquals(
        Content.of(TestNode.folder(parent)), Content.of(TestNode.folder(child)), child::toString);
    assertEquals(1, volume("clone_to", other(), "old.parent", "old.child").exit());
  }

  @Test
  void reportsTheStateAsFlockerDeployReadsIt() throws Exception {
    Ran report = sshd.run("flocker-reportstate");

    assertEquals(0, report.exit(), report::toString);
    assertEquals("", report.err());
    assertTrue(
        report.out().matches("applications: \\{}\nused_ports: \\[[0-9,\\s]+]\nversion: 1\n"),
        report::out);
    assertTrue(report.out().matches("(?s).*\\b" + NODES.second().port() + "\\b.*"), report::out);
  }

  @Test
  @DisplayName("120, 124 a wrong command line is told with the usage and an ERROR, on stderr alone")
  void tellsHowItIsUsedOnStandardErrorAlone() throws Exception {
    for (String[] wrong :
        new String[][] {
          {"flocker-volume", "push"},
          {"flocker-volume", "--unknown"},
          {"flocker-volume", "snapshots", "one"},
          {"flocker-reportstate", "surplus"},
          {"flocker-changestate", "version: 1", "version: 1", "{}"},
          {"flocker-changestate", "{", "version: 1", "{}", "127.0.0.1"},
        }) {
      Ran ran = sshd.run(wrong);

      assertEquals(1, ran.exit(), ran::toString);
      assertEquals("", ran.out());
      assertTrue(ran.err().startsWith("Usage: " + wrong[0]), ran::err);
      assertTrue(ran.err().lines().anyMatch(line -> line.startsWith("ERROR: ")), ran::err);
    }
    assertTrue(volume("--version").out().matches("[0-9][^\n]*\n"));
  }

  @Test
  void takesNoArgumentForShellOrPath() throws Exception {
    Path trap = folder.resolve("trap");
    for (String name :
        List.of(
            "a b",
            "old.x;touch " + trap,
            "$(touch " + trap + ")",
            "old.`touch " + trap + "`",
            "../node",
            "old.x?y=z",
            "old.\"",
            "old.é",
            "old.x\ny",
            "old")) {
      Ran ran = volume("snapshots", self(), name);

      assertEquals(1, ran.exit(), () -> name + ": " + ran);
      assertEquals("", ran.out());
      assertTrue(ran.err().contains("is not a volume's name"), ran::err);
    }
    assertEquals(1, volume("snapshots", "not/a/uuid", "old.x").exit());
    assertFalse(Files.exists(trap));
  }

  @Test
  @DisplayName("121, 122 a node gets a uuid unless it has one, or is told where that cannot be")
  void givesTheNodeAUuidUnlessItHasOne() throws Exception {
    Path identity = folder.resolve("made").resolve("volume.json");

    assertEquals(new Ran(0, "", ""), volume("--config=" + identity));
    String made = Files.readString(identity);
    assertEquals(new Ran(0, "", ""), volume("--config", identity.toString()));

    assertTrue(made.matches("\\{\"uuid\": \"[0-9a-f-]{36}\", \"version\": 1}"), made);
    assertEquals(made, Files.readString(identity));
    Ran impossible = volume("--config=/proc/nowhere/volume.json");
    assertEquals(1, impossible.exit());
    assertTrue(impossible.err().contains("/proc/nowhere/volume.json"), impossible::err);
  }

  private static Ran volume(String... words) throws Exception {
    String[] command = new String[words.length + 1];
    command[0] = "flocker-volume";
    System.arraycopy(words, 0, command, 1, words.length);
    return sshd.run(command);
  }

  private static SnapshotDocument snapshot(String name) throws Exception {
    VolumeDocument volume = NODES.second().client().volume(VolumeName.parse(name));
    return NODES.second().client().takeSnapshot(volume.id());
  }

  private static Path stream(String... arguments) throws Exception {
    return Files.write(Files.createTempFile(folder, "stream", ""), Zfs.send(arguments));
  }

  private static String self() {
    return NODES.second().id().toString();
  }

  private static String other() {
    return NODES.first().id().toString();
  }
}
