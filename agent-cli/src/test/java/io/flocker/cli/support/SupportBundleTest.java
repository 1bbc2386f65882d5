package io.flocker.cli.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupportBundleTest {
  @TempDir private Path folder;

  @Test
  void whatCannotBeHadIsSaidAndStopsNothing() throws Exception {
    SupportBundle bundle = new SupportBundle("node", Instant.EPOCH);
    bundle.add("answers/node.json", () -> refuse("no daemon listens"));
    bundle.add("log.json", () -> "a line\n".getBytes(UTF_8));

    assertEquals(
        Map.of(
            "node/log.json", "a line\n",
            "node/missing.txt", "answers/node.json: no daemon listens\n"),
        unpack(bundle.archive()));
  }

  @Test
  void settingsTellAllButWhatMayBeSecret() throws Exception {
    Path settings =
        Files.writeString(
            folder.resolve("flockerd.yml"),
            """
            version: 1
            pool: tank
            hooks:
              freeze: { command: [/bin/freeze, --password, SECRET1], environment: { KEY: SECRET2 } }
            notify:
              executable: { argv: [/bin/tell, SECRET3] }
              hook: { url: 'https://u:SECRET4@example.org/?token=SECRET5', secret-file: /etc/s }
            """);

    String text = new String(SettingsText.of(settings), UTF_8);

    assertFalse(text.contains("SECRET"), text);
    assertTrue(text.contains("pool: tank\n"), text);
    assertTrue(text.contains("notify.hook.secret-file: /etc/s\n"), text);
    assertTrue(text.contains("hooks.freeze.environment: (left out)\n"), text);
  }

  @Test
  void settingsTellNothingOfKeysThatAreMisspeltOrMisplaced() throws Exception {
    Path settings =
        Files.writeString(
            folder.resolve("flockerd.yml"),
            """
            version: 1
            hooks:
              freeze: { enviroment: { PASSWORD: SECRET }, comand: [/bin/a, SECRET], deadline: 5s }
              PASSWORD: SECRET
            notify: { pause: 1m, hook: { uri: 'https://h/SECRET', secret-file: SECRET } }
            hoks: { freeze: { variables: { PASSWORD: SECRET } } }
            password: SECRET
            """);

    String text = new String(SettingsText.of(settings), UTF_8);

    assertFalse(text.contains("SECRET"), text);
    assertTrue(text.contains("hooks.freeze.enviroment.PASSWORD: (left out)\n"), text);
    assertTrue(text.contains("hooks.freeze.deadline: 5s\n"), text);
    assertTrue(text.contains("notify.pause: 1m\n"), text);
  }

  @Test
  void settingsTellAllThatHasADefault() throws Exception {
    String packaged = Files.readString(Path.of("src/main/package/flockerd.yml"));
    Path settings =
        Files.writeString(
            folder.resolve("flockerd.yml"), packaged.replaceAll("(?m)^#(?=(?: {2})*[a-z])", ""));

    String text = new String(SettingsText.of(settings), UTF_8);

    assertTrue(text.contains("replicas.keep.last: 1\n"), text);
    assertFalse(text.contains("(left out)"), text);
  }

  @Test
  void aFileOfSettingsThatIsBrokenHidesNoOther() throws Exception {
    Path settings = Files.writeString(folder.resolve("flockerd.yml"), "version: 1\n");
    Path parts = Files.createDirectory(folder.resolve("conf.d"));
    Path broken = Files.writeString(parts.resolve("10-broken.yml"), "pool: [\n");
    Path empty = Files.writeString(parts.resolve("20-empty.yml"), "# nothing\n");
    Path gone = Files.createSymbolicLink(parts.resolve("30-gone.yml"), folder.resolve("gone"));
    Path last = Files.writeString(parts.resolve("40-last.yml"), "pool: tank\n");

    List<String> lines = new String(SettingsText.of(settings), UTF_8).lines().toList();

    assertEquals(List.of("version: 1", "# " + broken), lines.subList(0, 2));
    assertTrue(lines.get(2).startsWith("# not printed: it is no YAML: line "), lines.get(2));
    assertEquals(
        List.of("# " + empty, "# not printed: it is empty", "# " + gone), lines.subList(3, 6));
    assertTrue(lines.get(6).startsWith("# not printed: [there is no such file"), lines.get(6));
    assertEquals(List.of("# " + last, "pool: tank"), lines.subList(7, lines.size()));
  }

  @Test
  void settingsTellWhatStandsBesideTheFileToo() throws Exception {
    Path settings = Files.writeString(folder.resolve("flockerd.yml"), "version: 1\n");
    Path part =
        Files.writeString(
            Files.createDirectory(folder.resolve("conf.d")).resolve("10-a.yml"),
            "pool: tank\nnotify: {executable: {argv: [/bin/tell, SECRET]}}\n");

    assertEquals(
        "version: 1\n# " + part + "\npool: tank\nnotify.executable.argv: (left out)\n",
        new String(SettingsText.of(settings), UTF_8));
  }

  @Test
  void addressesOfKeysTellNoPassword() {
    assertEquals(
        """
        tank/v  keylocation  https://(left out)  local
        tank/w  keylocation  https://(left out)  local
        tank/x  keylocation  https://keys/x  local
        """,
        SupportBundle.withoutCredentials(
            """
            tank/v  keylocation  https://me:secret@keys:8080/v  local
            tank/w  keylocation  https://keys/w?sp=r&sig=secret  local
            tank/x  keylocation  https://keys/x  local
            """));
  }

  @Test
  void theTailOfALogIsOfWholeLines() throws Exception {
    Path log = Files.writeString(folder.resolve("log"), "first\nsecond\nthird\n");

    assertArrayEquals("third\n".getBytes(UTF_8), LogTail.ofFile(log, 10));
    assertArrayEquals(Files.readAllBytes(log), LogTail.ofFile(log, 100));
    assertEquals(0, LogTail.ofFile(log, 3).length);
    for (int most : new int[] {10, 11, 100}) {
      byte[] read = Files.readAllBytes(log);
      assertArrayEquals(
          LogTail.ofFile(log, most), LogTail.lastOf(new ByteArrayInputStream(read), most));
    }
  }

  private static byte[] refuse(String why) throws IOException {
    throw new IOException(why);
  }

  private static Map<String, String> unpack(byte[] archive) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(archive)))) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        files.put(entry.getName(), new String(tar.readAllBytes(), UTF_8));
      }
    }
    return files;
  }
}
