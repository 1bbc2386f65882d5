package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.plan.Change.OfApplication;
import io.flocker.core.deploy.plan.Change.OfVolume;
import io.flocker.core.deploy.plan.Change.RestartApplication;
import io.flocker.core.deploy.plan.Change.SetRoutes;
import io.flocker.core.deploy.plan.Change.StartApplication;
import io.flocker.core.deploy.plan.Plan.PlannedPhase;
import io.flocker.core.deploy.plan.Plan.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** A plan while the rules add to it, in any order. One thread. */
final class Draft {
  private final Map<Phase, List<Change>> changes = new EnumMap<>(Phase.class);
  private final SortedSet<Obstacle> obstacles = new TreeSet<>();

  void add(Phase phase, Change change) {
    changes.computeIfAbsent(phase, _ -> new ArrayList<>()).add(change);
  }

  void add(Obstacle obstacle) {
    obstacles.add(obstacle);
  }

  /** All in order: phase after phase, and within one by what is changed. */
  Plan plan(long generation) {
    List<PlannedPhase> phases = new ArrayList<>();
    Map<Subject, List<Integer>> latest = new HashMap<>();
    int number = 0;
    for (Map.Entry<Phase, List<Change>> entry : changes.entrySet()) {
      Map<Subject, List<Integer>> here = new HashMap<>();
      Map<String, Integer> starts = new HashMap<>();
      List<Step> steps = new ArrayList<>();
      for (Change change : inOrder(entry.getValue())) {
        number++;
        NavigableSet<Integer> waitsFor = new TreeSet<>();
        for (Subject subject : change.subjects()) {
          waitsFor.addAll(latest.getOrDefault(subject, List.of()));
          here.computeIfAbsent(subject, _ -> new ArrayList<>()).add(number);
        }
        if (change instanceof OfApplication start) {
          startsAfter(change).stream()
              .map(starts::get)
              .filter(Objects::nonNull)
              .forEach(waitsFor::add);
          starts.put(start.application(), number);
        }
        steps.add(new Step(number, change, List.copyOf(waitsFor)));
      }
      latest.putAll(here);
      phases.add(new PlannedPhase(entry.getKey(), steps));
    }
    return new Plan(generation, phases, List.copyOf(obstacles));
  }

  /** By name, but what others start after before them. */
  private static List<Change> inOrder(List<Change> phase) {
    Map<String, Change> byName = new LinkedHashMap<>();
    phase.stream()
        .sorted(Comparator.comparing(Draft::name))
        .forEach(change -> byName.put(name(change), change));
    List<Change> ordered = new ArrayList<>();
    Set<Change> seen = new TreeSet<>(Comparator.comparing(Draft::name));
    byName.values().forEach(change -> append(change, byName, seen, ordered));
    return ordered;
  }

  private static void append(
      Change change, Map<String, Change> byName, Set<Change> seen, List<Change> ordered) {
    if (!seen.add(change)) {
      return;
    }
    for (String earlier : startsAfter(change)) {
      Change first = byName.get(earlier);
      if (first != null) {
        append(first, byName, seen, ordered);
      }
    }
    ordered.add(change);
  }

  private static SortedSet<String> startsAfter(Change change) {
    return switch (change) {
      case StartApplication start -> start.definition().startsAfter();
      case RestartApplication restart -> restart.definition().startsAfter();
      default -> new TreeSet<>();
    };
  }

  /** Unique in its phase. */
  private static String name(Change change) {
    return switch (change) {
      case OfApplication application -> application.application();
      case OfVolume volume -> volume.volume().toString() + volume.volume().id();
      case SetRoutes _ -> "";
    };
  }
}
