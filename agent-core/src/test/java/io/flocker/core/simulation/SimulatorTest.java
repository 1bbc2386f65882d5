package io.flocker.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.flocker.core.simulation.Simulator.Outcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A few runs of those that {@code init/simulate} plays, and whether it sees what is wrong. */
class SimulatorTest {
  private static final long SEED = 20_261_126;
  private static final int RUNS = 60;
  private static final int MOST_RUNS = 10_000;

  @Test
  void nobodyWritesWhatIsNotHisAndNothingIsLost() {
    Simulator.search(SEED, RUNS, Optional.empty(), new Figures())
        .ifPresent(wrong -> fail(wrong.story()));
  }

  /** A stranger's creation was kept in the place of the true one; two operators took it at once. */
  @ParameterizedTest
  @ValueSource(longs = {30_208_860, 30_303_826, 30_188_723, 30_274_672})
  void isAsItShouldBeWhereItWasNot(long seed) {
    Outcome run = told(seed, Optional.empty());
    assertEquals(Optional.empty(), run.violation(), run::story);
  }

  /** He confirmed it to the owner, who goes on, and not to who handed it off. */
  @Test
  void anEarlierOwnerContestsHisCopyWhereALiarConfirmedToTheNextOneAlone() {
    Outcome run = told(20_278_771, Optional.empty());
    assertEquals(Optional.empty(), run.violation(), run::story);
    assertTrue(run.story().contains("C  records contested by B"), run::story);
  }

  @Test
  void aSeedSaysAll() {
    for (long seed = SEED; seed < SEED + 10; seed++) {
      Outcome one = told(seed, Optional.empty());
      Outcome again = told(seed, Optional.empty());
      assertEquals(one.story(), again.story());
      assertTrue(one.log().size() > 20, one::story);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPlantedIsFound(Plant plant) {
    Optional<Outcome> found =
        Simulator.search(plant.seed(), MOST_RUNS, Optional.of(plant), new Figures());
    assertTrue(found.isPresent(), () -> plant + " is not found in " + MOST_RUNS + " runs");
    assertTrue(found.get().violation().isPresent(), "its log is of another run");
  }

  @Test
  void aWrongRunIsToldInShort() {
    Outcome wrong =
        Simulator.search(1, MOST_RUNS, Optional.of(Plant.FENCE_AFTER_MOUNTING), new Figures())
            .orElseThrow();
    List<String> lines = wrong.story().lines().toList();
    assertTrue(lines.getFirst().startsWith("seed " + wrong.seed() + ": "), lines.getFirst());
    assertTrue(lines.size() < 150, () -> lines.size() + " lines");
    assertTrue(lines.getLast().contains("mounts"), wrong::story);
  }

  private static Outcome told(long seed, Optional<Plant> plant) {
    return Simulator.run(seed, plant, true, new Figures());
  }
}
