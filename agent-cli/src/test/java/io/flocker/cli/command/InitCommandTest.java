package io.flocker.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.cli.ca.CaCommand;
import io.flocker.cli.console.NoTerminal;
import io.flocker.cli.join.CaProgram;
import io.flocker.cli.join.JoinException;
import io.flocker.cli.join.NodeService;
import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.identity.NodeIdentity;
import io.flocker.core.os.TestJvm;
import io.flocker.core.pki.CredentialFiles;
import io.flocker.core.pki.Credentials;
import io.flocker.core.pki.CredentialsException;
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
        throw new JoinException("it does not start");
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

  @BeforeEach
  void prepare() throws Exception {
    etc = Files.createDirectory(folder.resolve("etc"));
    authority = folder.resolve("authority");
    zpool = program("zpool", "echo flocker");
    lsblk = program("lsblk", "exit 1");
    program =
        new CaProgram(
            program(
                "flocker-ca",
                "exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\""
                    .formatted(TestJvm.program(), TestJvm.classPath(), CaCommand.class.getName())));
    Files.writeString(
        etc.resolve("flockerd.yml"), "version: 1\nzfs: {zpool: %s}\n".formatted(zpool));
  }

  @AfterEach
  void stop() {
    if (daemon != null) {
      daemon.close();
    }
  }

  @Test
  void makesTheFirstNodeAndNothingASecondTime() throws Exception {
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

    assertEquals(ExitCode.DONE, init(BROKEN));

    assertTrue(out.toString().contains("already"), out.toString());
    assertEquals(identity, Files.readString(etc.resolve("volume.json")));
    assertEquals(key, Files.readString(authority.resolve("cluster.key")));
  }

  @Test
  void takesThePoolThatIsNamedAndKeepsTheNodeThatDoesNotStart() throws Exception {
    Path _ = program("zpool", "printf 'tank\\nflocker\\n'");
    assertTrue(failure(BROKEN).contains("tank, flocker: say by --pool"));
    assertEquals(List.of("flockerd.yml"), names(etc));

    assertEquals("it does not start", failure(BROKEN, "--pool", "tank"));

    assertEquals("tank", NodeConfiguration.read(etc.resolve("flockerd.yml")).pool());
    assertTrue(Files.exists(etc.resolve("node.key")));
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
    assertEquals(List.of("authority", "etc", "flocker-ca", "lsblk", "zpool"), names(folder));
  }

  @Test
  void refusesAMachineThatIsANodeOfAnotherCluster() throws Exception {
    Files.writeString(etc.resolve("node.key"), "of before");

    assertTrue(failure(BROKEN).contains("node.key already"));
    assertFalse(Files.exists(authority));
  }

  private String failure(NodeService service, String... arguments) {
    return String.valueOf(
        assertThrows(JoinException.class, () -> init(service, arguments)).getMessage());
  }

  private int init(NodeService service, String... arguments) throws Exception {
    Session session =
        new Session(
            new CommandEnvironment(
                variables,
                etc,
                new PrintWriter(out),
                new PrintWriter(new StringWriter()),
                new NoTerminal()));
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
