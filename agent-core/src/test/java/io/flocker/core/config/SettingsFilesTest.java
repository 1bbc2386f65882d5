package io.flocker.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.log.LogLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFilesTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws Exception {
    file =
        Files.writeString(
            folder.resolve("flockerd.yml"),
            """
            version: 1
            pool: tank
            tls:
              minimum: "1.3"
            hooks:
              freeze: {command: [/bin/freeze, --all]}
            """);
    Files.createDirectory(folder.resolve("conf.d"));
  }

  @Test
  void theLastFileHoldsKeyByKey() throws Exception {
    part("10-first.yml", "pool: first\ntls: {provider: jdk}\n");
    part("20-last.yml", "pool: last\nhooks: {freeze: {command: [/bin/other]}}\n");

    NodeConfiguration read = NodeConfiguration.read(file);

    assertEquals("last", read.pool());
    assertEquals(TlsConfiguration.Version.TLS_1_3, read.tls().minimum());
    assertEquals(TlsConfiguration.Provider.JDK, read.tls().provider());
    assertEquals(
        List.of("/bin/other"),
        Objects.requireNonNull(read.hooks().byName().get("freeze")).command());
  }

  @Test
  void leavesOutWhatEditorsAndPackagersLeave() throws Exception {
    part(".hidden.yml", "pool: hidden\n");
    part("10-a.yml~", "pool: backup\n");
    part("10-a.yml.rpmsave", "pool: saved\n");
    Files.createDirectory(folder.resolve("conf.d/folder.yml"));

    assertEquals("tank", NodeConfiguration.read(file).pool());
  }

  @Test
  void aPartMaySayNothing() throws Exception {
    part("10-empty.yml", "");
    part("20-comments.yml", "# pool: other\n");

    assertEquals("tank", NodeConfiguration.read(file).pool());
  }

  @Test
  void saysWhatAPartIsThatIsNoMapping() throws Exception {
    part("10-list.yml", "- pool: other\n");

    assertEquals(
        List.of("it is no mapping, such as 'pool: <name>'"),
        assertThrows(ConfigurationException.class, () -> NodeConfiguration.read(file)).problems());
  }

  /** Else a reload would wait for somebody to write into it. */
  @Test
  void leavesOutAPipeButNotALinkToNothing() throws Exception {
    Path pipe = folder.resolve("conf.d/10-pipe.yml");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertEquals("tank", NodeConfiguration.read(file).pool());

    Files.createSymbolicLink(folder.resolve("conf.d/20-link.yml"), folder.resolve("nothing"));
    assertThrows(ConfigurationException.class, () -> NodeConfiguration.read(file));
  }

  @Test
  void problemsNameTheFileTheLineAndTheKey() throws Exception {
    part("10-a.yml", "\nlog:\n  level: loud\n  lines: 3\n");
    part("20-b.yml", "tls: {minimum: 1.0}\nstate: /a\nstate: /b\n");

    List<String> problems =
        assertThrows(ConfigurationException.class, () -> NodeConfiguration.read(file)).problems();

    assertEquals(4, problems.size(), problems::toString);
    assertTrue(problems.get(0).startsWith("conf.d/20-b.yml: line 3: state is given twice"));
    assertTrue(problems.get(1).startsWith("conf.d/20-b.yml: line 1: tls.minimum is one of"));
    assertTrue(problems.get(2).startsWith("conf.d/10-a.yml: line 3: log.level is one of"));
    assertTrue(problems.get(3).startsWith("conf.d/10-a.yml: line 4: log.lines is unknown"));
  }

  @Test
  void namesTheFileThatIsNoYaml() throws Exception {
    part("10-a.yml", "pool: [\n");

    ConfigurationException refusal =
        assertThrows(ConfigurationException.class, () -> NodeConfiguration.read(file));

    assertTrue(
        String.valueOf(refusal.getMessage())
            .startsWith(folder.resolve("conf.d/10-a.yml").toString()),
        refusal::getMessage);
  }

  @Test
  void tellsWhatHoldsAndWhoSaysSo() throws Exception {
    Path part =
        part("10-log.yml", "log:\n  level: debug\ntransfer: {heartbeat: 1m, silence: 180s}\n");

    NodeConfiguration.Explained explained = NodeConfiguration.explain(file);

    assertEquals(LogLevel.DEBUG, explained.configuration().log().level());
    assertEquals(new Setting("pool", "tank", file + ":2"), setting(explained, "pool"));
    assertEquals(new Setting("log.level", "debug", part + ":2"), setting(explained, "log.level"));
    assertEquals(
        new Setting("transfer.heartbeat", "60s", part + ":3"),
        setting(explained, "transfer.heartbeat"));
    assertEquals(new Setting("transfer.pipe", "1MiB", ""), setting(explained, "transfer.pipe"));
    assertEquals(new Setting("transfer.rate", "", ""), setting(explained, "transfer.rate"));
    assertTrue(setting(explained, "transfer.rate").isDefault());
  }

  private static Setting setting(NodeConfiguration.Explained explained, String key) {
    return explained.settings().stream()
        .filter(setting -> setting.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private Path part(String name, String text) throws Exception {
    return Files.writeString(folder.resolve("conf.d").resolve(name), text);
  }
}
