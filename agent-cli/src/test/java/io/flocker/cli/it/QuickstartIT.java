package io.flocker.cli.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.storage.Needs;
import io.flocker.core.storage.TestPools;
import io.flocker.http.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code init/quickstart --application}, with the programs of this build. */
@Timeout(900)
class QuickstartIT {
  /** Skips the class where no ZFS answers. */
  @RegisterExtension static final TestPools POOLS = new TestPools();

  private static final Path SCRIPT =
      Path.of("..", "init", "quickstart").toAbsolutePath().normalize();
  private static final Path REMEMBERED = Path.of("/run/flocker-quickstart");
  private static final int TERMINATED = 143;

  @TempDir private Path folder;

  @BeforeAll
  static void look() {
    if (!Files.isExecutable(Path.of("/usr/sbin/dockerd"))) {
      Needs.missing("QuickstartIT", "docker.io");
    }
  }

  @Test
  void anApplicationMovesAndItsCounterNeverGoesBack() throws Exception {
    Path told = folder.resolve("told.json");
    Process process = start("--size", "1m", "--json", told.toString());
    String said = rest(process.inputReader());

    assertEquals(0, process.waitFor(), said);
    JsonNode report = Json.read(Files.readAllBytes(told));
    assertEquals(0, report.path("steps_back").intValue(), report::toString);
    assertEquals(3, report.path("moves").size(), report::toString);
    for (JsonNode move : report.path("moves")) {
      assertTrue(move.path("after").longValue() > move.path("before").longValue(), said);
    }
    assertNothingIsLeft(process.pid());
  }

  @Test
  void leavesNothingWhereItIsInterrupted() throws Exception {
    Process process = start("--size", "1m");
    BufferedReader output = process.inputReader();
    String line = output.readLine();
    while (line != null && !line.startsWith("== Deploying")) {
      line = output.readLine();
    }
    assertTrue(Files.exists(REMEMBERED));
    boolean _ = process.toHandle().destroy(); // Process.destroy would close its output as well.
    String said = rest(output);

    assertEquals(TERMINATED, process.waitFor(), said);
    assertNothingIsLeft(process.pid());
  }

  private static Process start(String... options) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString(), "--application");
    builder.command().addAll(List.of(options));
    builder.environment().put("FLOCKER_QUICKSTART_BUILT", "1");
    builder.environment().remove("TMPDIR");
    return builder.redirectErrorStream(true).start();
  }

  private static String rest(BufferedReader output) {
    return output.lines().collect(Collectors.joining("\n"));
  }

  /** All that it makes bears the number of its process. */
  private static void assertNothingIsLeft(long process) throws Exception {
    assertFalse(Files.exists(REMEMBERED));
    assertFalse(Files.exists(Path.of("/var/tmp", "flocker-quickstart." + process)));
    for (int node = 1; node <= 2; node++) {
      assertFalse(Files.exists(Path.of("/run/netns", "flkqs%d-%d".formatted(process, node))));
      assertFalse(Files.exists(Path.of("/sys/class/net", "flkqh%d-%d".formatted(process, node))));
    }
    assertFalse(TestPools.run("zpool", "list", "-H", "-o", "name").contains("_" + process));
  }
}
