package io.flocker.benchmarks.control;

import io.flocker.benchmarks.stream.HostConditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What came of all rounds: medians, for people and for programs. */
record ControlReport(
    HostConditions conditions, int connections, Map<Question, List<Round>> rounds) {
  private static final double MOST_P99 = 5;
  private static final String BEGIN = "<!-- control: benchmarks/control writes from here -->";
  private static final String END = "<!-- control: to here -->";

  String markdown() {
    StringBuilder text = new StringBuilder(2048);
    text.append(conditions.text())
        .append(
            ". %d connections, %d rounds, medians.\n\n"
                .formatted(connections, rounds.values().iterator().next().size()))
        .append(
            """
            | request | flockerd /s | nginx /s | ratio | wanted | CPU µs, flockerd | nginx | p50 ms | nginx | p99 ms | nginx | ratio |
            |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """);
    rounds.forEach((question, all) -> text.append(row(question, all)));
    return text.toString();
  }

  Map<String, Object> document() {
    Map<String, Object> requests = new LinkedHashMap<>();
    rounds.forEach((question, all) -> requests.put(question.name(), figures(question, all)));
    Map<String, Object> document = new LinkedHashMap<>(conditions.document());
    document.put("connections", connections);
    document.put("requests", requests);
    return document;
  }

  /** Puts the table between the marks of a document. */
  void writeInto(Path readme) throws IOException {
    String all = Files.readString(readme);
    int from = all.indexOf(BEGIN);
    int to = all.indexOf(END);
    if (from < 0 || to < from) {
      throw new IOException(readme + " has no marks for it");
    }
    Files.writeString(
        readme,
        all.substring(0, from + BEGIN.length()) + "\n\n" + markdown() + "\n" + all.substring(to));
  }

  private static Map<String, Object> figures(Question question, List<Round> all) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("wantedRatio", question.target());
    figures.put("ratio", median(all, Round::speed));
    figures.put("cpuRatio", median(all, Round::cpu));
    figures.put("p99Ratio", median(all, Round::p99));
    figures.put("mostP99Ratio", MOST_P99);
    figures.put("rounds", all);
    return figures;
  }

  private static String row(Question question, List<Round> all) {
    return "| %s | %,.0f | %,.0f | **%.2f** | %s | %.0f | %.0f | %.2f | %.2f | %.2f | %.2f | %.1f |\n"
        .formatted(
            question.name(),
            median(all, round -> round.ours().perSecond()),
            median(all, round -> round.nginx().perSecond()),
            median(all, Round::speed),
            question.target() > 0 ? "%.2f".formatted(question.target()) : "",
            median(all, round -> round.ours().cpu()),
            median(all, round -> round.nginx().cpu()),
            median(all, round -> round.ours().p50()),
            median(all, round -> round.nginx().p50()),
            median(all, round -> round.ours().p99()),
            median(all, round -> round.nginx().p99()),
            median(all, Round::p99));
  }

  private static double median(List<Round> all, ToDoubleFunction<Round> figure) {
    double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
