package io.flocker.benchmarks.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run has found, for machines and for people. */
final class Report {
  static final String OURS = "flockerd";
  static final String FLOOR = "floor";

  private static final double MIB = 1 << 20;

  private final Options options;
  private final HostConditions conditions;
  private final Map<String, String> descriptions;
  private final Results results;
  private final FloorModel floor;
  private final FloorModel lending;

  Report(
      Options options,
      HostConditions conditions,
      Map<String, String> descriptions,
      Results results,
      FloorModel floor,
      FloorModel lending) {
    this.options = options;
    this.conditions = conditions;
    this.descriptions = descriptions;
    this.results = results;
    this.floor = floor;
    this.lending = lending;
  }

  /** The whole run. */
  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>(conditions.document());
    document.put("bytes", options.bytes());
    document.put("rounds", options.rounds());
    document.put("streams", options.streams());
    document.put("paths", results.document());
    document.put(FLOOR, document(floor));
    document.put("floorOfLoans", document(lending));
    Map<String, Double> ratios = new LinkedHashMap<>(results.ratios(OURS));
    ratios.put(FLOOR, results.median(OURS, Run::gigabytesPerSecond) / speed(floor));
    document.put("ratios", ratios);
    document.put("cpuAgainstFloor", results.median(OURS, Run::processSeconds) / floor.machine());
    return document;
  }

  /** When and where, for readers. */
  String conditions() {
    return conditions.text();
  }

  /** The table and what stands around it. */
  String markdown() {
    StringBuilder text = new StringBuilder(2048);
    text.append(
        "%s. %s of %s, %d rounds, medians.%n%n"
            .formatted(
                conditions.text(),
                options.streams() == 1 ? "One stream" : options.streams() + " streams",
                size(),
                options.rounds()));
    text.append(
        """
        | path | GB/s | flockerd ÷ it | CPU-s per GB | of which | peak resident, MiB |
        |---|---:|---:|---:|---|---|
        """);
    Map<String, Double> ratios = results.ratios(OURS);
    for (String name : ordered()) {
      text.append(
          "| %s | %.2f | %s | %.2f | %s | %s |%n"
              .formatted(
                  name.equals(OURS) ? "**" + descriptions.get(name) + "**" : descriptions.get(name),
                  results.median(name, Run::gigabytesPerSecond),
                  name.equals(OURS) ? "" : "%.2f".formatted(ratios.get(name)),
                  results.median(name, Run::processSeconds),
                  shares(name),
                  peaks(name)));
    }
    if (!options.isOfPool()) {
      text.append(floorText()); // ZFS itself has no part in it.
    }
    text.append(ownText());
    return text.toString();
  }

  private String floorText() {
    double speed = results.median(OURS, Run::gigabytesPerSecond);
    double cpu = results.median(OURS, Run::processSeconds);
    return """

    The floor, measured in the same run: making zeros %.3f, into a pipe %.3f, out of a pipe %.3f,
    into a socket %.3f, out of a socket %.3f, seal %.3f, open %.3f CPU-s per GB. A relay of nothing
    else costs %.2f (source %.2f, sender %.2f, receiver %.2f, sink %.2f) and brings %.2f GB/s on
    %d cores; flockerd costs %.2f times that and reaches %.0f %% of the speed.

    That is a relay that copies and has OpenSSL's cipher, as the others here. With what flockerd has
    instead, BoringSSL with the copies of its buffers (seal %.3f, open %.3f) and pages lent to the
    sink (%.3f, and %.3f to read them), the least is %.2f and %.2f GB/s: flockerd costs %.2f times
    that.
    """
        .formatted(
            floor.zeros(),
            floor.pipeWrite(),
            floor.pipeRead(),
            floor.socketWrite(),
            floor.socketRead(),
            floor.seal(),
            floor.open(),
            floor.machine(),
            floor.source(),
            floor.sender(),
            floor.receiver(),
            floor.sink(),
            speed(floor),
            conditions.cores(),
            cpu / floor.machine(),
            100 * speed / speed(floor),
            lending.seal(),
            lending.open(),
            lending.sinkWrite(),
            lending.sinkRead(),
            lending.machine(),
            speed(lending),
            cpu / lending.machine());
  }

  private String ownText() {
    return """

    Heap allocated for each MiB: sender %.1f KiB, receiver %.1f KiB; full collections in all rounds:
    %.0f. From the body's request to the first byte into the child: %.1f ms.
    """
        .formatted(
            further("senderHeapBytesPerMiB") / 1024,
            further("receiverHeapBytesPerMiB") / 1024,
            results.of(OURS).stream()
                .mapToDouble(run -> run.further().getOrDefault("fullCollections", 0.0))
                .sum(),
            further("firstByteMillis"));
  }

  private double further(String name) {
    return results.median(OURS, run -> run.further().getOrDefault(name, Double.NaN));
  }

  /** Bars of the speeds, the fastest first. */
  String chart() {
    List<BarChart.Bar> bars = new ArrayList<>();
    for (String name : ordered()) {
      bars.add(
          new BarChart.Bar(
              descriptions.getOrDefault(name, name),
              results.median(name, Run::gigabytesPerSecond),
              "%.2f GB/s, %.1f CPU-s/GB"
                  .formatted(
                      results.median(name, Run::gigabytesPerSecond),
                      results.median(name, Run::processSeconds)),
              name.equals(OURS)));
    }
    return BarChart.svg(
        "From child to child over loopback, "
            + conditions.cores()
            + " cores for everything, "
            + conditions.date()
            + (conditions.isBusy() ? " (busy)" : ""),
        bars);
  }

  /** Puts {@code text} between the marks that {@code readme} has for {@code part}. */
  static void write(Path readme, String part, String text) throws IOException {
    String all = Files.readString(readme);
    String begin = "<!-- " + part + ": benchmarks/stream writes from here -->";
    String end = "<!-- " + part + ": to here -->";
    int from = all.indexOf(begin);
    int to = all.indexOf(end);
    if (from < 0 || to < from) {
      throw new IOException(readme + " has no marks for " + part);
    }
    Files.writeString(
        readme, all.substring(0, from + begin.length()) + "\n\n" + text + "\n" + all.substring(to));
  }

  private List<String> ordered() {
    return results.names().stream()
        .sorted((one, other) ->
            Double.compare(
                results.median(other, Run::gigabytesPerSecond),
                results.median(one, Run::gigabytesPerSecond)))
        .toList();
  }

  private String shares(String name) {
    List<String> shares = new ArrayList<>();
    for (String process : results.of(name).getFirst().processes().keySet()) {
      shares.add(
          "%s %.2f"
              .formatted(
                  process,
                  results.median(name, run -> run.processes().getOrDefault(process, 0.0))));
    }
    return String.join(", ", shares);
  }

  private String peaks(String name) {
    List<String> peaks = new ArrayList<>();
    for (String process : results.of(name).getFirst().peakBytes().keySet()) {
      if (!process.equals("source") && !process.equals("sink")) {
        peaks.add(
            "%s %.0f"
                .formatted(
                    process,
                    results.median(name, run -> run.peakBytes().getOrDefault(process, 0L)) / MIB));
      }
    }
    return String.join(", ", peaks);
  }

  private double speed(FloorModel model) {
    return model.gigabytesPerSecond(conditions.cores(), options.streams());
  }

  private Map<String, Object> document(FloorModel model) {
    Map<String, Object> document = new LinkedHashMap<>(model.parts());
    document.put("machine", model.machine());
    document.put("gbps", speed(model));
    return document;
  }

  private String size() {
    return "%.1f GiB".formatted(options.bytes() / MIB / 1024)
        + options.recording().map(_ -> " (recorded)").orElse("")
        + (options.isOfPool() ? " of a pool, into another" : "");
  }
}
