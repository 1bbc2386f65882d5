package io.flocker.benchmarks.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.config.DaemonOptions;
import io.flocker.core.os.TestJvm;
import io.flocker.http.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole harness with a short stream, so that it does not rot. */
class StreamHarnessTest {
  @TempDir Path folder;

  @Test
  void measuresAShortStream() throws Exception {
    Path json = folder.resolve("figures.json");
    Path readme = folder.resolve("README.md");
    Files.writeString(
        readme,
        "before\n"
            + "<!-- comparison: benchmarks/stream writes from here -->old"
            + "<!-- comparison: to here -->\nafter\n");

    run(
        "--size",
        "32m",
        "--rounds",
        "2",
        "--rivals",
        "none",
        "--json",
        json.toString(),
        "--readme",
        readme.toString());

    JsonNode figures = Json.read(Files.readAllBytes(json));
    JsonNode ours = figures.path("paths").path("flockerd");
    assertEquals(2, ours.path("gbps").size());
    assertTrue(ours.path("gbps").get(0).asDouble() > 0);
    assertEquals(2, ours.path("cpuSecondsPerGb").path("machine").size());
    assertEquals(2, ours.path("cpuSecondsPerGb").path("processes").path("sender").size());
    assertTrue(ours.path("peakResidentBytes").path("receiver").get(0).asLong() > 0);
    assertTrue(figures.path("ratios").path("floor").asDouble() > 0);
    String text = Files.readString(readme);
    assertTrue(text.startsWith("before\n") && text.endsWith("\nafter\n"), text);
    assertTrue(text.contains("**flockerd, mutual TLS 1.3**"), text);
    assertTrue(Files.readString(folder.resolve("stream.svg")).contains("</svg>"));
  }

  @Test
  void namesTheRatiosThatFell() {
    List<String> fallen = new ArrayList<>();

    List<String> lines =
        Comparison.compare(
            ratios("'ssh': 2.0, 'socat-tls': 2.0, 'nginx': 3.0"),
            ratios("'ssh': 1.6, 'socat-tls': 1.8"),
            fallen);

    assertEquals(3, lines.size());
    assertEquals(List.of("ssh"), fallen);
  }

  private static JsonNode ratios(String members) {
    return Json.read(("{\"ratios\": {" + members.replace('\'', '"') + "}}").getBytes(UTF_8));
  }

  private static void run(String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("--", TestJvm.program()));
    arguments.addAll(DaemonOptions.read());
    StreamHarness.main(arguments.toArray(String[]::new));
  }
}
