package io.flocker.core.simulation;

import io.flocker.core.id.VolumeId;
import io.flocker.core.simulation.World.Line;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Plays runs of two and three nodes, by the seed: {@code init/simulate}. What holds in them is said
 * in {@link World#check} and {@link Story}; what may happen in {@link Settings.Trouble}.
 */
final class Simulator {
  private static final int MOST_LINES = 120;
  private static final int ENOUGH = 5;

  private Simulator() {}

  /**
   * What came of a run.
   *
   * @param violation empty if nothing was wrong
   * @param log empty where it was not asked for
   */
  record Outcome(long seed, Optional<Violation> violation, List<Line> log) {
    /** For people: the seed, what is wrong, and how it came to that. */
    String story() {
      return story(MOST_LINES);
    }

    /** The same with so many lines at most, the last. */
    String story(int most) {
      Optional<VolumeId> volume = violation.map(Violation::volume);
      List<String> lines =
          log.stream()
              .filter(line ->
                  line.volume().isEmpty() || volume.isEmpty() || line.volume().equals(volume))
              .map(Line::text)
              .toList();
      int first = violation.isEmpty() ? 0 : Math.max(0, lines.size() - most);
      return "%s%n%s%n%s"
          .formatted(
              this,
              first == 0 ? "" : "... " + first + " lines before",
              String.join("\n", lines.subList(first, lines.size())));
    }

    @Override
    public String toString() {
      return "seed " + seed + ": " + violation.map(Violation::getMessage).orElse("all is well");
    }
  }

  /**
   * One run.
   *
   * @param isTold whether its log is wanted, which costs time
   */
  static Outcome run(long seed, Optional<Plant> plant, boolean isTold, Figures figures) {
    AtomicReference<Optional<Violation>> violation = new AtomicReference<>(Optional.empty());
    AtomicReference<List<Line>> log = new AtomicReference<>(List.of());
    AtomicReference<Optional<Throwable>> failure = new AtomicReference<>(Optional.empty());
    // All threads of a run are virtual ones: one gives way to another at little cost.
    Thread run =
        Thread.ofVirtual()
            .unstarted(() -> {
              World world = new World(seed, plant, isTold, figures);
              log.set(world.log());
              try {
                new Story(world).play();
              } catch (Violation e) {
                violation.set(Optional.of(e));
              } catch (RuntimeException | Error e) {
                failure.set(Optional.of(e));
              }
            });
    run.start();
    try {
      run.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (failure.get().isPresent()) {
      throw new IllegalStateException("seed " + seed + " cannot be played", failure.get().get());
    }
    figures.count("runs");
    return new Outcome(seed, violation.get(), log.get());
  }

  /** The first run that is wrong, with its log; empty if none is. */
  static Optional<Outcome> search(long seed, int runs, Optional<Plant> plant, Figures figures) {
    for (int i = 0; i < runs; i++) {
      if (run(seed + i, plant, false, figures).violation().isPresent()) {
        return Optional.of(run(seed + i, plant, true, new Figures()));
      }
    }
    return Optional.empty();
  }

  /** What {@code init/simulate} was called with, in full. */
  public static void main(String[] arguments) {
    long seed = Long.parseLong(arguments[0]);
    long runs = Long.parseLong(arguments[1]);
    Duration time = Duration.ofMinutes(Long.parseLong(arguments[2]));
    Optional<Plant> plant =
        arguments.length > 3 ? Optional.of(Plant.valueOf(arguments[3])) : Optional.empty();
    System.exit(runs == 1 ? tell(seed, plant) : play(seed, runs, time, plant));
  }

  private static int tell(long seed, Optional<Plant> plant) {
    Outcome outcome = run(seed, plant, true, new Figures());
    System.out.println(outcome.story(Integer.MAX_VALUE));
    return outcome.violation().isPresent() ? 1 : 0;
  }

  private static int play(long seed, long runs, Duration time, Optional<Plant> plant) {
    PrintStream out = System.out;
    Figures figures = new Figures();
    long began = System.nanoTime();
    int wrong = 0;
    long next = seed;
    out.printf("from seed %d on%n", seed);
    while (next < seed + runs && wrong < ENOUGH && System.nanoTime() - began < time.toNanos()) {
      Outcome outcome = run(next, plant, false, figures);
      if (outcome.violation().isPresent()) {
        wrong++;
        out.println(wrong == 1 ? run(next, plant, true, new Figures()).story() : outcome);
      }
      next++;
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    out.print(figures);
    out.printf("%d runs, %d wrong, %.0f s%n", next - seed, wrong, seconds);
    return wrong == 0 ? 0 : 1;
  }
}
