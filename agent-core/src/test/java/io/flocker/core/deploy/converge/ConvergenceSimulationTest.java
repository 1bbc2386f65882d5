package io.flocker.core.deploy.converge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.RestartPolicy;
import io.flocker.core.volume.VolumeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node to which anything may happen, in any order that a seed says: wishes, failures of all that
 * it asks, ends of containers, of the engine and of the daemon. Then nothing more happens, and it
 * has to reach the wish by itself.
 */
class ConvergenceSimulationTest {
  private static final int SEEDS = 150;
  private static final int STEPS = 120;
  private static final int APPLICATIONS = 4;
  private static final int MOST_LOOKS = 200;

  static LongStream seeds() {
    return LongStream.range(0, SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void reachesTheWishAndStartsNothingWithoutItsVolumes(long seed) {
    Random random = new Random(seed);
    SimulatedNode node = new SimulatedNode();
    Set<String> failing = new HashSet<>();
    node.fails = call -> failing.stream().anyMatch(call::startsWith);
    node.wish(wish(random));
    for (int i = 0; i < STEPS; i++) {
      step(node, failing, random);
    }

    failing.clear();
    node.isEngineAway = false;
    node.runs.engineBack();
    node.isPeerAway = false;
    int looks = 0;
    do {
      node.settle();
      cooperate(node);
      node.pass(Convergence.LONGEST_PAUSE);
      node.settle();
    } while (!node.convergence.status().isAsWished() && looks++ < MOST_LOOKS);

    assertEquals(List.of(), node.violations);
    assertTrue(node.convergence.status().isAsWished(), () -> node.convergence.status().toString());
    assertEquals(wished(node), running(node));
    wished(node)
        .forEach(name -> assertTrue(node.here.containsKey(volume(name)), node.here::toString));
    node.calls.clear();
    node.settle();
    assertEquals(
        List.of(),
        node.calls.stream()
            .filter(call -> !call.matches("list|begun|volumes|routes|ask"))
            .toList());
  }

  private static void step(SimulatedNode node, Set<String> failing, Random random) {
    switch (random.nextInt(14)) {
      case 0 -> node.wish(wish(random));
      case 1 -> failing.add(anyCall(random));
      case 2, 3 -> failing.clear();
      case 4 -> node.end(name(random), random.nextInt(2));
      case 5 -> node.pass(Duration.ofSeconds(random.nextInt(100)));
      case 6 -> {
        node.isEngineAway = random.nextInt(3) == 0;
        if (node.isEngineAway) {
          node.runs.engineAway();
          node.endAll();
        } else {
          node.runs.engineBack();
          node.beginEngine();
        }
      }
      case 7 -> node.isPeerAway = random.nextInt(3) == 0;
      case 8 -> cooperate(node);
      case 9 -> {
        if (random.nextInt(3) == 0) {
          node.restart();
        }
      }
      case 10, 11 -> {
        var _ = node.convergence.round();
      }
      default -> {
        if (!node.waiting.isEmpty()) {
          node.waiting.remove(random.nextInt(node.waiting.size())).run();
        }
      }
    }
  }

  /** The peer was told the same, and does its part. */
  private static void cooperate(SimulatedNode node) {
    wished(node).forEach(name -> node.giveBack(volume(name)));
  }

  private static Set<String> wished(SimulatedNode node) {
    return node.configuration.deployment().nodes().stream()
        .filter(wish -> wish.node().equals("10.0.0.1"))
        .flatMap(wish -> wish.applications().stream())
        .collect(Collectors.toSet());
  }

  private static Set<String> running(SimulatedNode node) {
    return node.containers.keySet().stream().filter(node::runs).collect(Collectors.toSet());
  }

  private static Deployment wish(Random random) {
    List<Application> applications = new ArrayList<>();
    List<String> here = new ArrayList<>();
    List<String> there = new ArrayList<>();
    for (int i = 0; i < APPLICATIONS; i++) {
      String name = "application" + i;
      applications.add(
          Application.named(name, Image.parse(name + ":" + random.nextInt(2)))
              .volumes(List.of(MountedVolume.of(volume(name), "/data")))
              .restartPolicy(RestartPolicy.ALWAYS)
              .build());
      switch (random.nextInt(3)) {
        case 0 -> here.add(name);
        case 1 -> there.add(name);
        default -> {
          // Nowhere.
        }
      }
    }
    return new Deployment(
        applications, List.of(NodeWish.of("10.0.0.1", here), NodeWish.of("10.0.0.2", there)));
  }

  private static VolumeName volume(String application) {
    return VolumeName.parse("default." + application);
  }

  private static String name(Random random) {
    return "application" + random.nextInt(APPLICATIONS);
  }

  private static String anyCall(Random random) {
    List<String> calls =
        List.of(
            "list",
            "inspect",
            "create ",
            "start ",
            "stop ",
            "remove ",
            "provide ",
            "tail ",
            "volumes",
            "create-volume ",
            "prepare ",
            "push ",
            "hand-off ",
            "routes",
            "set-routes");
    return calls.get(random.nextInt(calls.size()));
  }
}
