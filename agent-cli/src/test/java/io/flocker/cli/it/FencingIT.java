package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.storage.TestPools;
import io.flocker.http.api.VolumeDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever could still write keeps a volume from being handed off, and loses nothing by the try. */
@Timeout(300)
class FencingIT {
  private static final int SOME_LINES = 10;

  /** Says that it is there, and ends with its stdin. */
  private static final String WAIT = "echo ready; read _";

  @RegisterExtension static final TwoNodes NODES = new TwoNodes();

  @Test
  @DisplayName("A process that writes makes the handoff fail, and no acknowledged write is lost")
  void losesNoAcknowledgedWrite() throws Exception {
    VolumeDocument volume = NODES.first().create("default.written");
    List<String> acknowledged;
    try (VolumeUser writer = VolumeUser.writer(TestNode.folder(volume))) {
      awaitLines(writer);
      refuses(volume, writer, "fd/3");
      awaitLines(writer);
      acknowledged = writer.finish();
    }
    List<String> here = lines(NODES.first(), volume);
    assertTrue(here.containsAll(acknowledged), "acknowledged and not there");

    NODES.first().handOff(volume.id(), NODES.second());

    assertEquals(here, lines(NODES.second(), volume));
  }

  @Test
  void namesAProcessThatOnlyWorksThere() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.cwd");
    Path folder = TestNode.folder(volume).resolve("deep");
    try (VolumeUser user = VolumeUser.run(folder, Map.of(), "sh", "-c", WAIT)) {
      refuses(volume, user, "cwd");
    }
    NODES.first().handOff(volume.id(), NODES.second());
  }

  @Test
  void namesAProcessThatOnlyMapsAFile() throws Exception {
    VolumeDocument volume = NODES.first().create("default.mapped");
    Path program = TestNode.folder(volume).resolve("cat");
    Files.copy(Path.of("/bin/cat"), program);
    assertTrue(program.toFile().setExecutable(true));
    // It runs from the volume and says what it is told, so that it is known to run.
    try (VolumeUser user =
        VolumeUser.run(
            Path.of("/"),
            Map.of("PROGRAM", program.toString()),
            "bash",
            "-c",
            "exec \"$PROGRAM\" <(echo ready) -")) {
      refuses(volume, user, "map_files/");
    }
    NODES.first().handOff(volume.id(), NODES.second());
  }

  @Test
  void namesAProcessThatHasTheMountInANamespaceOfItsOwn() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.private");
    try (VolumeUser user =
        VolumeUser.run(
            Path.of("/"),
            Map.of(),
            "unshare",
            "-m",
            "--propagation",
            "private",
            "sh",
            "-c",
            WAIT)) {
      refuses(volume, user, "mountinfo " + TestNode.folder(volume));
    }
    NODES.first().handOff(volume.id(), NODES.second());
    Moves.requireReplica(NODES.first(), volume, NODES.second(), 1);
  }

  @Test
  @DisplayName("A service whose mounts follow the host's does not keep a volume from going")
  void ignoresAMountThatVanishesWithOurs() throws Exception {
    String mounts = NODES.first().pool().mounts().toString();
    String around = TestPools.run("findmnt", "-n", "-o", "TARGET", "-T", mounts).strip();
    mount("--make-shared", around);
    try {
      VolumeDocument volume = Moves.filled(NODES.first(), "default.followed");
      Content before = Moves.content(NODES.first(), volume);
      try (VolumeUser _ =
          VolumeUser.run(
              Path.of("/"),
              Map.of(),
              "unshare",
              "-m",
              "--propagation",
              "slave",
              "sh",
              "-c",
              WAIT)) {

        NODES.first().handOff(volume.id(), NODES.second());

        assertEquals(before, Moves.content(NODES.second(), volume));
        Moves.requireReplica(NODES.first(), volume, NODES.second(), 1);
      }
    } finally {
      mount("--make-private", around);
    }
  }

  @Test
  void namesAMountOfTheSameFileSystemAtAnotherPlace() throws Exception {
    VolumeDocument volume = Moves.filled(NODES.first(), "default.bound");
    Path place = Files.createDirectory(NODES.first().file("bound"));
    mount("--bind", TestNode.folder(volume).toString(), place.toString());
    try {
      FailureException failure = refused(volume);
      assertTrue(failure.detail().contains("mountinfo " + place), failure.detail());
      Moves.requireOwner(NODES.first(), volume, 0);
    } finally {
      TestPools.run("umount", place.toString());
    }
    NODES.first().handOff(volume.id(), NODES.second());
  }

  private static void awaitLines(VolumeUser writer) throws Exception {
    for (int i = 0; i < SOME_LINES; i++) {
      String _ = writer.next();
    }
  }

  private static List<String> lines(TestNode node, VolumeDocument volume) throws Exception {
    return Files.readAllLines(Moves.mountpoint(node, volume).resolve("lines"));
  }

  /** The handoff fails and names the user; the volume is what it was, and goes on being written. */
  private static void refuses(VolumeDocument volume, VolumeUser user, String how) throws Exception {
    FailureException failure = refused(volume);

    String holders = String.valueOf(failure.members().get("holders"));
    assertTrue(holders.contains(Long.toString(user.pid())), holders);
    assertTrue(holders.contains(how), holders);
    assertTrue(failure.detail().contains("pid " + user.pid()), failure.detail());
    Moves.requireOwner(NODES.first(), volume, 0);
  }

  private static FailureException refused(VolumeDocument volume) throws Exception {
    return NODES
        .first()
        .fail(
            OwnershipFailure.VOLUME_IN_USE,
            NODES.first().client().handoff(volume.id(), NODES.second().id()));
  }

  private static void mount(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "mount";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    assertEquals("", TestPools.run(command));
  }
}
