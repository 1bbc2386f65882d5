package io.flocker.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Reads the job as init(5) of upstart describes it; there is no checker of upstart's own left. */
class UpstartJobTest {
  private static final Path JOB = Path.of("../init/upstart/flockerd.conf");

  /** The stanzas of init(5) that a job of ours may use. */
  private static final Set<String> STANZAS =
      Set.of(
          "description",
          "start on",
          "stop on",
          "respawn",
          "respawn limit",
          "normal exit",
          "kill timeout",
          "umask",
          "console",
          "reload signal",
          "exec");

  private final List<String> stanzas = new ArrayList<>();
  private final List<List<String>> scripts = new ArrayList<>();

  @BeforeEach
  void parse() throws IOException {
    @Nullable List<String> script = null;
    for (String line : Files.readAllLines(JOB)) {
      if (script == null && line.endsWith("script")) {
        script = new ArrayList<>();
      } else if (script != null && line.equals("end script")) {
        scripts.add(script);
        script = null;
      } else if (script != null) {
        script.add(line);
      } else if (!line.isBlank() && !line.startsWith("#")) {
        stanzas.add(line);
      }
    }
    assertEquals(null, script, "a script without its end");
  }

  @Test
  @DisplayName("X11 the job for upstart has no stanza that upstart does not know")
  void usesStanzasThatUpstartKnows() {
    List<String> unknown =
        stanzas.stream()
            .filter(line ->
                STANZAS.stream()
                    .noneMatch(known -> line.equals(known) || line.startsWith(known + " ")))
            .toList();

    assertEquals(List.of(), unknown);
  }

  @Test
  void startsTheInstalledDaemonInTheForeground() {
    assertEquals(
        List.of("exec /usr/lib/flocker/bin/flockerd --config /etc/flocker/flockerd.yml"),
        stanzas.stream().filter(line -> line.startsWith("exec ")).toList());
    assertTrue(stanzas.stream().noneMatch(line -> line.startsWith("expect")));
  }

  @Test
  void hasScriptsThatTheShellReads() throws Exception {
    assertEquals(1, scripts.size());
    for (List<String> script : scripts) {
      Process shell = new ProcessBuilder("sh", "-n").redirectErrorStream(true).start();
      try (var stdin = shell.outputWriter()) {
        stdin.write(String.join("\n", script) + "\n");
      }
      assertEquals("", new String(shell.getInputStream().readAllBytes(), US_ASCII));
      assertEquals(0, shell.waitFor());
    }
  }
}
