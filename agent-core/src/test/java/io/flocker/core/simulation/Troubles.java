package io.flocker.core.simulation;

import io.flocker.core.simulation.Settings.Trouble;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What happens to machines and to what is between them. */
final class Troubles {
  private static final List<Double> RATES = List.of(0.003, 0.01, 0.03);
  private static final long LONGEST_REST_MILLIS = 240_000;

  /** Shorter than a volume takes to go to a peer and back: what comes after that is not covered. */
  private static final int OUTLIVING_MILLIS = 300;

  private static final int MOST_DAYS = 300;

  private final World world;
  private final double perEffect;
  private final Map<Machine, Runnable> commands = new HashMap<>();

  Troubles(World world) {
    this.world = world;
    this.perEffect = world.chance().oneOf(RATES);
  }

  /** Before and after each effect of a daemon: it may be the last. */
  void strike(Machine machine) {
    if (machine.isUp() && world.chance().hits(perEffect)) {
      fell(machine);
    }
  }

  private void fell(Machine machine) {
    List<Trouble> ends = there(Trouble.KILLS, Trouble.CRASHES, Trouble.PAUSES);
    if (ends.isEmpty()) {
      return;
    }
    switch (world.chance().oneOf(ends)) {
      case PAUSES -> machine.standStill(world.chance().millis(20_000, 300_000));
      case CRASHES -> {
        machine.crash();
        comeBack(machine);
      }
      default -> {
        machine.kill("daemon is killed");
        Optional<Runnable> command = Optional.ofNullable(commands.remove(machine));
        if (command.isPresent() && world.isTroubled(Trouble.LATE_COMMANDS)) {
          world.scheduler().after(world.chance().below(OUTLIVING_MILLIS), command.get());
          world.scheduler().after(world.chance().below(OUTLIVING_MILLIS / 2), machine::start);
        }
        comeBack(machine);
      }
    }
    boolean _ = commands.remove(machine) != null;
  }

  private List<Trouble> there(Trouble... wanted) {
    return Stream.of(wanted).filter(world::isTroubled).toList();
  }

  private void comeBack(Machine machine) {
    world
        .scheduler()
        .after(
            world.chance().millis(5_000, LONGEST_REST_MILLIS),
            () -> {
              goBack(machine, 0.3);
              machine.start();
            });
  }

  private void goBack(Machine machine, double probability) {
    List<Trouble> ways =
        there(Trouble.OLD_POOL, Trouble.OLD_STATE, Trouble.OLD_BOTH, Trouble.LOST_STATE);
    if (ways.isEmpty() || machine.isUp() || !world.chance().hits(probability)) {
      return;
    }
    Trouble way = world.chance().oneOf(ways);
    if (way == Trouble.LOST_STATE) {
      machine.loseState();
      world
          .scheduler()
          .after(
              world.chance().millis(90_000, 600_000),
              () -> world.operator().remindInTrouble(machine));
    } else {
      machine.goBack(way);
    }
  }

  /** From now on a command runs that does not end with the daemon that started it. */
  void mayOutlive(Machine machine, Runnable command) {
    var _ = commands.put(machine, command);
  }

  /** It has ended. */
  void isThrough(Machine machine) {
    var _ = commands.remove(machine);
  }

  /** Something that is not bound to an effect. */
  void happen() {
    Machine machine = world.chance().oneOf(world.machines());
    List<Trouble> kinds =
        there(
            Trouble.CUTS,
            Trouble.KILLS,
            Trouble.CRASHES,
            Trouble.PAUSES,
            Trouble.CLOCKS,
            Trouble.OLD_POOL,
            Trouble.OLD_STATE,
            Trouble.OLD_BOTH,
            Trouble.LOST_STATE);
    if (kinds.isEmpty()) {
      return;
    }
    switch (world.chance().oneOf(kinds)) {
      case CUTS -> {
        Machine other = world.chance().oneOf(world.machines());
        if (other != machine) {
          world.network().cut(machine, other, world.chance().millis(40_000, 600_000));
        }
      }
      case KILLS, CRASHES, PAUSES -> {
        if (machine.isUp()) {
          fell(machine);
        }
      }
      case CLOCKS -> machine.jump(Duration.ofDays(world.chance().below(2 * MOST_DAYS) - MOST_DAYS));
      default -> {
        machine.crash();
        goBack(machine, 1);
        comeBack(machine);
      }
    }
  }
}
