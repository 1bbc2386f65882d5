package io.flocker.benchmarks.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What all rounds have brought, by contender. */
final class Results {
  private final Map<String, List<Run>> runs = new LinkedHashMap<>();

  void add(Contender contender, Run run) {
    runs.computeIfAbsent(contender.name(), _ -> new ArrayList<>()).add(run);
  }

  /** All runs of a contender, one a round; none if it failed. */
  List<Run> of(String contender) {
    return runs.getOrDefault(contender, List.of());
  }

  /** Who has runs, in the order of their first. */
  List<String> names() {
    return List.copyOf(runs.keySet());
  }

  /** It broke off: what it did in earlier rounds cannot be compared. */
  void drop(Contender contender) {
    runs.remove(contender.name());
  }

  /** The median over a contender's rounds. */
  double median(String contender, ToDoubleFunction<Run> figure) {
    return median(of(contender).stream().mapToDouble(figure).boxed().toList());
  }

  /** The medians over rounds of our GB/s divided by theirs. */
  Map<String, Double> ratios(String ours) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (String name : runs.keySet()) {
      if (!name.equals(ours)) {
        ratios.put(name, ratio(of(ours), of(name)));
      }
    }
    return ratios;
  }

  private static double ratio(List<Run> ours, List<Run> theirs) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < Math.min(ours.size(), theirs.size()); round++) {
      ratios.add(ours.get(round).gigabytesPerSecond() / theirs.get(round).gigabytesPerSecond());
    }
    return median(ratios);
  }

  static double median(List<Double> values) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** The JSON of all paths. */
  Map<String, Object> document() {
    Map<String, Object> paths = new LinkedHashMap<>();
    for (String name : runs.keySet()) {
      List<Run> all = of(name);
      Map<String, Object> path = new LinkedHashMap<>();
      path.put("gbps", all.stream().map(Run::gigabytesPerSecond).toList());
      path.put(
          "cpuSecondsPerGb",
          Map.of(
              "machine", all.stream().map(Run::machine).toList(),
              "processes", byName(all, Run::processes)));
      path.put("peakResidentBytes", byName(all, Run::peakBytes));
      path.putAll(byName(all, Run::further));
      paths.put(name, path);
    }
    return paths;
  }

  private static <T> Map<String, List<T>> byName(
      List<Run> runs, Function<Run, Map<String, T>> figures) {
    Map<String, List<T>> lists = new TreeMap<>();
    for (Run run : runs) {
      figures
          .apply(run)
          .forEach((name, value) -> lists.computeIfAbsent(name, _ -> new ArrayList<>()).add(value));
    }
    return lists;
  }
}
