package io.flocker.benchmarks.control;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of the harness; {@code benchmarks/control} says what each option means. */
@Command(name = "control")
final class ControlOptions {
  @Option(names = "--seconds")
  private long seconds = 4;

  @Option(names = "--warm-up")
  private long warmUp = 20;

  @Option(names = "--rounds")
  private int rounds = 5;

  @Option(names = "--connections")
  private int connections = 16;

  @Option(names = "--json")
  private Optional<Path> json = Optional.empty();

  @Option(names = "--readme")
  private Optional<Path> readme = Optional.empty();

  @Parameters private List<String> java = List.of();

  /** How long each is asked in a round. */
  long nanos() {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  /** How long ours is asked before the first round: a daemon runs for months. */
  long warmUpNanos() {
    return TimeUnit.SECONDS.toNanos(warmUp);
  }

  int rounds() {
    return rounds;
  }

  int connections() {
    return connections;
  }

  /** Where the figures go. */
  Optional<Path> json() {
    return json;
  }

  /** The document whose marked part becomes this run's. */
  Optional<Path> readme() {
    return readme;
  }

  /** Command and options of our server. */
  List<String> java() {
    return java;
  }
}
