package io.flocker.benchmarks.control;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The command line of the harness.
 *
 * @param nanos how long each is asked in a round
 * @param warmUpNanos how long ours is asked before the first round: a daemon runs for months
 * @param java command and options of our server
 */
record ControlOptions(
    long nanos,
    long warmUpNanos,
    int rounds,
    int connections,
    Optional<Path> json,
    Optional<Path> readme,
    List<String> java) {
  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException if it is wrong, saying how
   */
  static ControlOptions parse(List<String> arguments) {
    int split = arguments.indexOf("--");
    if (split < 0) {
      throw new IllegalArgumentException("the command of the server comes after --");
    }
    ControlOptions options =
        new ControlOptions(
            TimeUnit.SECONDS.toNanos(4),
            TimeUnit.SECONDS.toNanos(20),
            5,
            16,
            Optional.empty(),
            Optional.empty(),
            List.copyOf(arguments.subList(split + 1, arguments.size())));
    for (int i = 0; i < split; i += 2) {
      if (i + 1 == split) {
        throw new IllegalArgumentException(arguments.get(i) + " takes a value");
      }
      options = options.with(arguments.get(i), arguments.get(i + 1));
    }
    return options;
  }

  private ControlOptions with(String name, String value) {
    return switch (name) {
      case "--seconds" ->
          new ControlOptions(seconds(value), warmUpNanos, rounds, connections, json, readme, java);
      case "--warm-up" ->
          new ControlOptions(nanos, seconds(value), rounds, connections, json, readme, java);
      case "--rounds" ->
          new ControlOptions(
              nanos, warmUpNanos, Integer.parseInt(value), connections, json, readme, java);
      case "--connections" ->
          new ControlOptions(
              nanos, warmUpNanos, rounds, Integer.parseInt(value), json, readme, java);
      case "--json" ->
          new ControlOptions(
              nanos, warmUpNanos, rounds, connections, Optional.of(Path.of(value)), readme, java);
      case "--readme" ->
          new ControlOptions(
              nanos, warmUpNanos, rounds, connections, json, Optional.of(Path.of(value)), java);
      default -> throw new IllegalArgumentException("there is no option " + name);
    };
  }

  private static long seconds(String value) {
    return TimeUnit.SECONDS.toNanos(Long.parseLong(value));
  }
}
