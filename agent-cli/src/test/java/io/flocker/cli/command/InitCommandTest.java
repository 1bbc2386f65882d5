package io.flocker.cli.command;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.ca.CaCommand;
import io.flocker.cli.console.NoTerminal;
import io.flocker.cli.setup.CaProgram;
import io.flocker.cli.setup.NodeService;
import io.flocker.cli.setup.SetupException;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.os.TestJvm;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
import io.flocker.core.pki.PeerCertificate;
import io.flocker.http.client.FakeDaemon;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(300)
class InitCommandTest {
  private static final NodeService BROKEN =
      () -> {
        throw new SetupException("it does not start");
      };

  @TempDir private Path folder;
  private Path etc;
  private Path authority;
  private Path zpool;
  private Path lsblk;
  private CaProgram program;
  private @Nullable FakeDaemon daemon;
  private final Map<String, String> variables = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private boolean isJson;

  @BeforeEach
  void prepare() throws Exception {
    etc = Files.createDirectory(folder.resolve("etc"));
    authority = folder.resolve("authority");
    zpool = program("zpool", "echo flocker");
    lsblk = program("lsblk", "exit 1");
    Path zfs = program("zfs", "echo -");
    program =
        new CaProgram(
            program(
                "flocker-ca",
                "exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\""
                    .formatted(TestJvm.program(), TestJvm.classPath(), CaCommand.class.getName())));
    Files.writeString(
        etc.resolve("flockerd.yml"),
        "version: 1\nzfs: {zpool: %s, zfs: %s}\n".formatted(zpool, zfs));
  }

  @AfterEach
  void stop() {
    if (daemon != null) {
      daemon.close();
    }
  }

  @Test
  void makesTheFirstNodeAndASecondTimeOnlyStartsIt() throws Exception {
    assertEquals(ExitCode.DONE, init(this::startFake));

    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(authority)));
    assertEquals(List.of("admin.crt", "admin.key", "cluster.crt", "cluster.key"), names(authority));
    assertEquals(
        List.of(
            "cluster.crt",
            "flockerd.yml",
            "local.crt",
            "local.key",
            "node.crt",
            "node.key",
            "volume.json"),
        names(etc));
    assertTrue(out.toString().contains("flocker node invite NAME | ssh"), out.toString());
    String identity = Files.readString(etc.resolve("volume.json"));
    String key = Files.readString(authority.resolve("cluster.key"));

    assertEquals("it does not start", failure(BROKEN));
    out.getBuffer().setLength(0);
    assertEquals(ExitCode.DONE, init(() -> true));

    assertTrue(out.toString().contains("already"), out.toString());
    assertTrue(out.toString().contains("flockerd answers at"), out.toString());
    assertEquals(identity, Files.readString(etc.resolve("volume.json")));
    assertEquals(key, Files.readString(authority.resolve("cluster.key")));
  }

  @Test
  void saysWhatItIsAboutToDoWhereItsAnswerIsNot() throws Exception {
    assertEquals(ExitCode.DONE, init(this::startFake, "--address", "node.example"));

    assertEquals(
        List.of(
            "making the authority of the cluster flocker",
            "making a user of the API, admin",
            "making the certificates of this node, node.example",
            "writing %s and %s".formatted(authority, etc),
            "starting flockerd",
            "waiting until flockerd answers"),
        err.toString().lines().toList());
    assertTrue(out.toString().startsWith("node "), out.toString());
    err.getBuffer().setLength(0);

    isJson = true;
    assertEquals(ExitCode.DONE, init(() -> true));

    assertEquals("", err.toString());
  }

  @Test
  void takesThePoolThatIsNamedAndKeepsTheNodeThatDoesNotStart() throws Exception {
    Path _ = program("zpool", "printf 'tank\\nflocker\\n'");
    assertTrue(failure(BROKEN).contains("tank, flocker: say by --pool"));
    assertEquals(List.of("flockerd.yml"), names(etc));

    // Of one that was killed.
    Path parts = Files.createDirectory(etc.resolve("conf.d"));
    Files.writeString(parts.resolve("pool.yml"), "# Of 'flocker init'.\npool: lost\n");
    assertEquals("it does not start", failure(BROKEN, "--pool", "tank"));

    assertEquals("tank", NodeConfiguration.read(etc.resolve("flockerd.yml")).pool());
    assertTrue(Files.exists(etc.resolve("node.key")));
  }

  @Test
  void takesThePoolAndTheHostThatTheSettingsName() throws Exception {
    Path settings = etc.resolve("flockerd.yml");
    Files.writeString(settings, "pool: tank\nadvertise: node.example:4523\n", APPEND);
    Path _ = program("zpool", "echo rpool");
    String said = failure(BROKEN);
    assertTrue(
        said.startsWith("there is no pool tank, which " + settings + ":3 names, but rpool."), said);
    assertFalse(Files.exists(authority));

    Path _ = program("zpool", "printf 'rpool\\ntank\\n'");
    assertEquals("it does not start", failure(BROKEN));

    assertFalse(Files.exists(etc.resolve("conf.d")));
    CredentialFiles node = CredentialFiles.in(etc, "node");
    Credentials made = Credentials.load(etc.resolve("cluster.crt"), node.certificate(), node.key());
    assertEquals("node.example", new PeerCertificate(made.certificate()).hosts().getFirst());
  }

  @Test
  void refusesAPoolThatIsANodes() throws Exception {
    Path _ = program("zfs", "echo 0f8fad5b-d9cb-469f-a165-70867728950e");

    String said = failure(BROKEN);

    assertTrue(
        said.contains("'flocker-ca bundle --uuid 0f8fad5b-d9cb-469f-a165-70867728950e HOST'"),
        said);
    assertFalse(Files.exists(authority));
  }

  @Test
  void leavesNothingWhereAnotherFileNamesAnotherPool() throws Exception {
    Path parts = Files.createDirectory(etc.resolve("conf.d"));
    Path last = Files.writeString(parts.resolve("zz.yml"), "pool: other\n");

    String said = failure(BROKEN, "--pool", "flocker");

    assertTrue(said.startsWith(last + ":1 says that the pool is other"), said);
    assertEquals(List.of("zz.yml"), names(parts));
    assertFalse(Files.exists(authority));
  }

  @Test
  void saysHowToMakeAPoolWhereThereIsNone() throws Exception {
    Path _ = program("zpool", ":");
    Path _ =
        program(
            "lsblk",
            """
            cat <<'END'
            {"blockdevices": [
              {"name": "/dev/sda", "size": "9G", "type": "disk", "fstype": null,
               "mountpoint": null, "children": [{"name": "/dev/sda1", "type": "part"}]},
              {"name": "/dev/sdb", "size": "1T", "type": "disk", "fstype": null, "mountpoint": null},
              {"name": "/dev/sdc", "size": "1T", "type": "disk", "fstype": "ext4", "mountpoint": null},
              {"name": "/dev/sr0", "size": "1G", "type": "rom", "fstype": null, "mountpoint": null}]}
            END\
            """);

    String said = failure(BROKEN);

    assertTrue(said.contains("'zpool create flocker DISK'"), said);
    assertTrue(said.endsWith("unused look /dev/sdb (1T)"), said);
    assertFalse(Files.exists(authority));
  }

  @Test
  void leavesNothingWhereItFailsHalfWay() throws Exception {
    // The authority is made by then.
    assertTrue(failure(BROKEN, "--address", "no host").contains("bundle"));
    assertFalse(Files.exists(authority));

    // All certificates are.
    Files.createDirectory(authority);
    Files.writeString(authority.resolve("of-somebody-else"), "");
    assertTrue(failure(BROKEN).contains("nothing was changed"));

    assertEquals(List.of("of-somebody-else"), names(authority));
    assertEquals(List.of("flockerd.yml"), names(etc));
    assertEquals(List.of("authority", "etc", "flocker-ca", "lsblk", "zfs", "zpool"), names(folder));
  }

  @Test
  void refusesAMachineThatIsANodeOfAnotherCluster() throws Exception {
    Files.writeString(etc.resolve("node.key"), "of before");

    assertTrue(failure(BROKEN).contains("node.key already"));
    assertFalse(Files.exists(authority));
  }

  @Test
  void saysWhatToDoWhereOneWasKilled() throws Exception {
    Files.createDirectory(authority);
    Files.writeString(authority.resolve("cluster.crt"), "");
    Files.writeString(authority.resolve("cluster.key"), "");
    Files.writeString(etc.resolve("volume.json"), "");

    String said = failure(BROKEN);

    assertTrue(said.contains("'flocker-ca bundle --inputpath " + authority + " HOST'"), said);
  }

  private String failure(NodeService service, String... arguments) {
    return String.valueOf(
        assertThrows(SetupException.class, () -> init(service, arguments)).getMessage());
  }

  private int init(NodeService service, String... arguments) throws Exception {
    Session session =
        new Session(
            new CommandEnvironment(
                variables, etc, new PrintWriter(out), new PrintWriter(err), new NoTerminal()));
    if (isJson) {
      var _ = CommandLine.populateCommand(session, "--json");
    }
    InitCommand command = new InitCommand(session);
    var _ =
        new CommandLine(command)
            .parseArgs(
                Stream.concat(Stream.of("--authority", authority.toString()), Stream.of(arguments))
                    .toArray(String[]::new));
    return command.run(program, service, lsblk.toString());
  }

  /** A daemon with the certificates that were made. */
  private boolean startFake() {
    try {
      CredentialFiles node = CredentialFiles.in(etc, "node");
      daemon =
          new FakeDaemon(
              Credentials.load(etc.resolve("cluster.crt"), node.certificate(), node.key()));
      daemon.answer(
          "GET /v1/node",
          200,
          """
          {"node":"%s","bootId":"11111111-2222-4333-8444-555555555555","url":"%s",
           "pool":{"name":"flocker","health":"ONLINE"},"stuck":[],"warnings":[]}\
          """
              .formatted(NodeIdentity.existing(etc.resolve("volume.json")).node(), daemon.url()));
      variables.put("FLOCKER_URL", daemon.url().toString());
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (CredentialsException e) {
      throw new AssertionError(e);
    }
  }

  private Path program(String name, String script) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private static List<String> names(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
