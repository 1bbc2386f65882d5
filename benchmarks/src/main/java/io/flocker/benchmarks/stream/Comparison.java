package io.flocker.benchmarks.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.benchmarks.Harness;
import io.flocker.http.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Holds the ratios of a run against those that were kept: the guard against getting slower. */
public final class Comparison {
  /** What a ratio may lose before it counts; two runs on one machine differ by less. */
  private static final double TOLERANCE = 0.15;

  private Comparison() {}

  /**
   * Compares; exit status 1 says that a ratio has fallen.
   *
   * @param arguments the figures that were kept, those of now
   */
  public static void main(String... arguments) throws IOException {
    List<String> fallen = new ArrayList<>();
    for (String line : compare(read(arguments[0]), read(arguments[1]), fallen)) {
      Harness.say(line);
    }
    if (!fallen.isEmpty()) {
      Harness.say(
          "FALLEN by more than %.0f %%: %s".formatted(TOLERANCE * 100, String.join(", ", fallen)));
      System.exit(1);
    }
  }

  /** A line for each ratio that was kept; {@code fallen} takes the names of those that fell. */
  static List<String> compare(JsonNode kept, JsonNode now, List<String> fallen) {
    List<String> lines = new ArrayList<>();
    kept.path("ratios")
        .properties()
        .forEach(ratio -> {
          JsonNode found = now.path("ratios").path(ratio.getKey());
          double was = ratio.getValue().asDouble();
          if (found.isMissingNode()) {
            lines.add("%-12s %.2f, not measured now".formatted(ratio.getKey(), was));
          } else {
            double is = found.asDouble();
            lines.add("%-12s %.2f, now %.2f".formatted(ratio.getKey(), was, is));
            if (is < was * (1 - TOLERANCE)) {
              fallen.add(ratio.getKey());
            }
          }
        });
    return lines;
  }

  private static JsonNode read(String file) throws IOException {
    return Json.read(Files.readString(Path.of(file)).getBytes(UTF_8));
  }
}
