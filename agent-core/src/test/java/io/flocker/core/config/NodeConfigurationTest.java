package io.flocker.core.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.config.TlsConfiguration.Version;
import io.flocker.core.id.Address;
import io.flocker.core.id.NodeId;
import io.flocker.core.log.LogLevel;
import io.flocker.core.log.LogTarget;
import io.flocker.core.replicate.hook.Hook;
import io.flocker.core.replicate.policy.ReceiverFloor;
import io.flocker.core.retention.RetentionRules;
import io.flocker.core.volume.VolumeMode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeConfigurationTest {
  private static final Path FILE = Path.of("flockerd.yml");

  @TempDir Path folder;

  @Test
  @DisplayName("57 a node is at port 4523 by default, with its certificates in /etc/flocker")
  void hasADefaultForAllButItsVersion() throws ConfigurationException {
    NodeConfiguration expected =
        new NodeConfiguration(
            new Address("0.0.0.0", 4523),
            new Address("0.0.0.0", 4523),
            "flocker",
            Path.of("/flocker"),
            VolumeMode.ROOT_WRITES,
            Path.of("/etc/flocker"),
            Path.of("/var/lib/flocker"),
            Path.of("/etc/flocker/volume.json"),
            new TlsConfiguration(Version.TLS_1_2, TlsConfiguration.Provider.AUTO, Optional.empty()),
            new ZfsConfiguration("zfs", "zpool", Duration.ofSeconds(30), 16),
            new TransferConfiguration(
                1_048_576,
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                4,
                OptionalLong.empty(),
                128 << 20),
            ReplicasConfiguration.NONE,
            HooksConfiguration.NONE,
            new OwnershipConfiguration(Duration.ofSeconds(10)),
            new EngineConfiguration(Path.of("/var/run/docker.sock")),
            new PluginConfiguration(Optional.empty(), false, false),
            NotifyConfiguration.NONE,
            new LogConfiguration(LogTarget.auto(), LogLevel.INFO));

    assertEquals(expected, parse("version: 1"));
  }

  @Test
  void readsEveryKey() throws ConfigurationException {
    NodeConfiguration expected =
        new NodeConfiguration(
            new Address("::", 0),
            new Address("node-1.example", 4524),
            "tank",
            Path.of("/volumes"),
            VolumeMode.EVERYBODY_WRITES,
            Path.of("/srv/certificates"),
            Path.of("/srv/state"),
            Path.of("/srv/volume.json"),
            new TlsConfiguration(
                Version.TLS_1_3,
                TlsConfiguration.Provider.BORINGSSL,
                Optional.of(Path.of("/etc/flocker/lists/cluster.crl"))),
            new ZfsConfiguration("/opt/zfs", "/opt/zpool", Duration.ofMinutes(2), 8),
            new TransferConfiguration(
                65_536,
                Duration.ofMillis(1_500),
                Duration.ofSeconds(3),
                64,
                OptionalLong.of(10 << 20),
                2 << 20),
            new ReplicasConfiguration(
                new ReceiverFloor.Terms(
                    new RetentionRules(
                        5,
                        Optional.of(Duration.ofDays(2)),
                        24,
                        14,
                        8,
                        12,
                        3,
                        ZoneId.of("Europe/Berlin")),
                    false,
                    OptionalLong.of(10L << 30),
                    false),
                Map.of(
                    NodeId.parse("9d4f3b52-0c63-4b4e-9d67-54a2a0e3c302"),
                    new ReceiverFloor.Terms(
                        new RetentionRules(
                            1,
                            Optional.of(Duration.ofDays(2)),
                            24,
                            14,
                            8,
                            12,
                            3,
                            ZoneId.of("Europe/Berlin")),
                        true,
                        OptionalLong.of(20L << 30),
                        true,
                        2))),
            new HooksConfiguration(
                Map.of(
                    "freeze",
                    new Hook(
                        List.of("/usr/local/sbin/freeze", "--fast"),
                        Map.of("PGHOST", "/run/postgresql"),
                        Duration.ofSeconds(5)),
                    "thaw",
                    new Hook(List.of("/usr/local/sbin/thaw"), Map.of(), Duration.ofSeconds(30)))),
            new OwnershipConfiguration(Duration.ofSeconds(2)),
            new EngineConfiguration(Path.of("/run/podman/podman.sock")),
            new PluginConfiguration(Optional.of(Path.of("/run/flocker.sock")), false, true),
            new NotifyConfiguration(
                Duration.ofMinutes(1),
                Optional.of(
                    new NotifyConfiguration.Executable(
                        List.of("/usr/bin/page", "--of", "flocker"), Duration.ofSeconds(5))),
                Optional.of(
                    new NotifyConfiguration.Hook(
                        URI.create("https://hooks.example/flocker?team=storage"),
                        Path.of("/etc/flocker/hook.secret"),
                        Optional.of(Path.of("/etc/flocker/hook-ca.crt")),
                        Duration.ofSeconds(30)))),
            new LogConfiguration(new LogTarget.File(Path.of("/var/log/f.log")), LogLevel.DEBUG));

    assertEquals(
        expected,
        parse(
            """
            version: 1
            listen: '[::]:0'
            advertise: node-1.example:4524
            pool: tank
            mount-root: /volumes
            volume-mode: 0777
            certificates: /srv/certificates
            state: /srv/state
            identity: /srv/volume.json
            tls: {minimum: "1.3", provider: boringssl, crl: /etc/flocker/lists/cluster.crl}
            zfs: {zfs: /opt/zfs, zpool: /opt/zpool, deadline: 2m, concurrency: 8}
            transfer:
              pipe: 64KiB
              heartbeat: 1500ms
              silence: 3s
              concurrency: 64
              rate: 10MiB
              verify-rate: 2MiB
            replicas:
              keep:
                last: 5
                within: 48h
                hourly: 24
                daily: 14
                weekly: 8
                monthly: 12
                yearly: 3
                time-zone: Europe/Berlin
              new-volumes: refuse
              space: 10GiB
              peers:
                9d4f3b52-0c63-4b4e-9d67-54a2a0e3c302:
                  keep: {last: 1}
                  new-volumes: take
                  space: 20GiB
                  append-only: true
                  diverged-copies: 2
            hooks:
              freeze:
                command: [/usr/local/sbin/freeze, --fast]
                environment: {PGHOST: /run/postgresql}
                deadline: 5s
              thaw: {command: [/usr/local/sbin/thaw]}
            ownership: {confirm-wait: 2s}
            engine: {socket: /run/podman/podman.sock}
            docker-plugin: {socket: /run/flocker.sock, give: never, remove: destroy}
            notify:
              pause: 1m
              executable: {argv: [/usr/bin/page, --of, flocker], deadline: 5s}
              hook:
                url: https://hooks.example/flocker?team=storage
                secret-file: /etc/flocker/hook.secret
                ca-file: /etc/flocker/hook-ca.crt
                deadline: 30s
            log: {target: file, file: /var/log/f.log, level: debug}
            """));
  }

  @Test
  void givesPeersWhatNobodyUsesWhereDockerMayAskForIt() throws ConfigurationException {
    assertTrue(parse("{version: 1, docker-plugin: {socket: /run/f.sock}}").plugin().givesUnused());
    assertTrue(parse("{version: 1, docker-plugin: {give: unused}}").plugin().givesUnused());
  }

  @Test
  void advertisesWhereItListensUnlessToldOtherwise() throws ConfigurationException {
    assertEquals(
        new Address("10.0.0.1", 4523), parse("{version: 1, listen: '10.0.0.1:4523'}").advertise());
  }

  @Test
  void tellsAllProblemsAtOnceWithTheirLines() {
    List<String> problems =
        problems(
            """
            version: 2
            pol: tank
            zfs:
              deadline: 30
              concurency: 3
            transfer:
              heartbeat: 10s
            log:
              file: relative.log
            """);

    assertEquals(
        List.of(
            "line 1: version is 1, not '2'",
            "line 4: zfs.deadline needs a unit (ms, s, m, h), for example 30s",
            "line 5: zfs.concurency is unknown; near it are [zfs.concurrency, zfs.deadline,"
                + " zfs.zfs]",
            "transfer.silence is at least twice the heartbeat, 20s, not 15s",
            "line 9: log.file is an absolute path",
            "line 2: pol is unknown; near it are [pool, log, tls]"),
        problems);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          pool: tank                                | version is missing: this flockerd reads 'version: 1'
          version: "1"                              | version is 1
          {version: 1, version: 1}                  | line 1: version is given twice
          {version: 1, zfs: {zfs: a, zfs: b}}       | line 1: zfs.zfs is given twice
          {version: 1, pool: 5}                     | pool is a text; put it into quotes
          {version: 1, pool: tank/data}             | pool is the name of a ZFS pool
          {version: 1, pool: [tank]}                | pool is a text
          {version: 1, pool: !!binary aGk=}         | tags are not allowed
          {version: 1, pool: }                      | pool is a text
          {version: 1, listen: 4523}                | listen is <host>:<port>
          {version: 1, listen: 'host:65536'}        | listen 'host:65536' is not <host>:<port>
          {version: 1, listen: 'http://host:1'}     | listen 'http://host:1' is not <host>:<port>
          {version: 1, advertise: '0.0.0.0:4524'}   | advertise is where peers connect to
          {version: 1, mount-root: flocker}         | mount-root is an absolute path
          {version: 1, volume-mode: 0666}           | volume-mode is one of [0755, 0777], not 0666
          {version: 1, volume-mode: 777}            | volume-mode is one of [0755, 0777], not 777
          {version: 1, tls: {minimum: "1.1"}}       | tls.minimum is one of [1.2, 1.3], not 1.1
          {version: 1, tls: {provider: openssl}}    | tls.provider is one of
          {version: 1, tls: yes}                    | tls is a mapping
          {version: 1, zfs: {deadline: 30}}         | needs a unit (ms, s, m, h), for example 30s
          {version: 1, zfs: {deadline: 30 s}}       | is a duration with its unit
          {version: 1, zfs: {deadline: 1h}}         | zfs.deadline is from 1s to 600s
          {version: 1, transfer: {pipe: 999999999999999GiB}} | is too large
          {version: 1, zfs: {concurrency: 0}}       | zfs.concurrency is a whole number from 1 to 64
          {version: 1, zfs: {concurrency: 1.5}}     | zfs.concurrency is a whole number from 1 to 64
          {version: 1, zfs: {concurrency: 0x10}}    | zfs.concurrency is a whole number from 1 to 64
          {version: 1, transfer: {pipe: 1048576}}   | needs a unit (B, KiB, MiB, GiB), for example 1MiB
          {version: 1, transfer: {pipe: 1MB}}       | is a size with its unit
          {version: 1, transfer: {pipe: 2MiB}}      | transfer.pipe is from 64KiB to 1MiB
          {version: 1, transfer: {held-back: 4KiB}} | transfer.held-back is unknown
          {version: 1, transfer: {rate: 1KiB}}      | transfer.rate is from 64KiB to 1024GiB
          {version: 1, transfer: {verify-rate: 1KiB}} | transfer.verify-rate is from 1MiB to 1024GiB
          {version: 1, transfer: {rate: 5}}         | needs a unit (B, KiB, MiB, GiB), for example 64KiB
          {version: 1, notify: {executable: {argv: page}}} | notify.executable.argv is a list of texts
          {version: 1, notify: {executable: {argv: [/page, 1]}}} | notify.executable.argv has texts only
          {version: 1, notify: {executable: {argv: [page]}}} | begins with the absolute path
          {version: 1, notify: {executable: {deadline: 5s}}} | begins with the absolute path
          {version: 1, notify: {hook: {url: 'http://h/', secret-file: /s}}} | notify.hook.url is https://
          {version: 1, notify: {hook: {url: 'https://u:p@h/', secret-file: /s}}} | notify.hook.url is https://
          {version: 1, notify: {hook: {url: 'https://h/'}}} | notify.hook.secret-file is missing
          {version: 1, notify: {mail: a}}           | notify.mail is unknown
          {version: 1, log: {target: file}}         | log.file is missing
          {version: 1, log: {file: /f}}             | log.file goes with 'target: file' only
          {version: 1, log: {target: syslog}}       | log.target is one of
          {version: 1, log: {level: trace}}         | log.level is one of
          """)
  void refusesWithTheCure(String text, String problem) {
    List<String> problems = problems(text);

    assertTrue(problems.stream().anyMatch(p -> p.contains(problem)), problems::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hooks: {a: {command: [/a], environment: {PIN: 1234}}}",
        "hooks: {a: {command: [/a], environment: 1234}}",
        "hooks: {a: {command: [/a, 1234]}}",
        "hooks: {a: {command: 1234}}",
        "notify: {executable: {argv: [/a, 1234]}}",
        "notify: {hook: {url: 1234, secret-file: /s}}",
        "notify: {hook: {url: 'https://h/', secret-file: 1234}}",
        "notify: {hook: {url: 'https://h/', secret-file: 'word1234'}}"
      })
  void saysNothingOfWhatMayBeSecret(String text) {
    List<String> problems = problems("version: 1\n" + text);

    assertTrue(problems.stream().noneMatch(p -> p.contains("1234")), problems::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "- version: 1", "version: [", "version: 1\n---\nversion: 1", "1"})
  void refusesWhatIsNoMapping(String text) {
    assertEquals(1, problems(text).size());
  }

  @Test
  void refusesAliases() {
    List<String> problems = problems("version: 1\nstate: &here /srv\nidentity: *here\n");

    assertEquals(List.of("line 3: aliases are not allowed; write the value again"), problems);
  }

  @Test
  void readsAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("flockerd.yml"), "version: 1\npool: tank\n");

    assertEquals("tank", NodeConfiguration.read(file).pool());
  }

  @Test
  void countsTheBytesBeforeParsing() throws IOException {
    Path file = Files.writeString(folder.resolve("long"), "version: 1\n#" + "x".repeat(256 << 10));

    assertFileProblem(file, "longer than 256 KiB");
  }

  @Test
  void refusesAFileThatIsMissingOrUnreadable() throws IOException {
    assertFileProblem(folder.resolve("missing"), "there is no such file");
    assertFileProblem(folder, "cannot be read");
    assertFileProblem(
        Files.write(folder.resolve("latin1"), new byte[] {'#', '\n', (byte) 0xe4}),
        "line 2: it is not UTF-8");
  }

  private static void assertFileProblem(Path file, String problem) {
    ConfigurationException failure =
        assertThrows(ConfigurationException.class, () -> NodeConfiguration.read(file));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.startsWith(file.toString()) && message.contains(problem), message);
  }

  private static NodeConfiguration parse(String text) throws ConfigurationException {
    return NodeConfiguration.parse(FILE, text.getBytes(UTF_8));
  }

  private static List<String> problems(String text) {
    return assertThrows(ConfigurationException.class, () -> parse(text)).problems();
  }
}
