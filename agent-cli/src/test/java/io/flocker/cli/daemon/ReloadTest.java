package io.flocker.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flocker.core.config.NodeConfiguration;
import io.flocker.core.config.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
  @TempDir private Path folder;

  @Test
  void tellsWhichSettingsWaitForARestart() throws Exception {
    List<Setting> started = settings("version: 1\npool: tank\nzfs: {deadline: 60s}\n");
    List<Setting> fresh =
        settings(
            """
            version: 1
            pool: tank
            zfs: {deadline: 1m}
            tls: {minimum: '1.3'}
            log: {level: debug, target: stdout}
            replicas: {append-only: true}
            hooks: {freeze: {command: [/bin/true]}}
            docker-plugin: {remove: destroy}
            """);

    assertEquals(
        List.of("docker-plugin.remove", "log.target", "tls.minimum"),
        Reload.afterRestart(started, fresh));
    assertEquals(List.of(), Reload.afterRestart(started, started));
  }

  @Test
  void tellsOfEveryChangeThatCountsAtOnce() throws Exception {
    List<Setting> before = settings("version: 1\nhooks: {a: {command: [/a, 'b, c']}}\n");
    List<Setting> split = settings("version: 1\nhooks: {a: {command: [/a, b, c]}}\n");
    List<Setting> more =
        settings("version: 1\nhooks: {a: {command: [/a, b, c], environment: {D: ''}}}\n");

    assertEquals(List.of("hooks.a.command"), Reload.applied(before, split));
    assertEquals(List.of("hooks.a.environment.D"), Reload.applied(split, more));
    assertEquals(List.of(), Reload.applied(more, more));
  }

  private List<Setting> settings(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("flockerd.yml"), text);
    return NodeConfiguration.explain(file).settings();
  }
}
