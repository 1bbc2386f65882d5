package io.flocker.core.deploy.plan;

import static io.flocker.core.deploy.plan.Scene.A;
import static io.flocker.core.deploy.plan.Scene.ACCEPTED;
import static io.flocker.core.deploy.plan.Scene.B;
import static io.flocker.core.deploy.plan.Scene.C;
import static io.flocker.core.deploy.plan.Scene.mount;
import static io.flocker.core.deploy.plan.Scene.plain;
import static io.flocker.core.deploy.plan.Scene.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.Deployment;
import io.flocker.core.deploy.Image;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.NodeWish;
import io.flocker.core.deploy.Port;
import io.flocker.core.deploy.WishedPolicy;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.plan.ImitatedCluster.Violation;
import io.flocker.core.id.NodeId;
import io.flocker.core.replicate.policy.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConvergingClusterTest {
  private static final int RUNS = 60;

  /** Steps of trouble, and then more than any wish has needed. */
  private static final int TROUBLE = 120;

  private static final int PATIENCE = 1_500;
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

  @Test
  @DisplayName("C08 whatever fails, and however often the wish changes, the last one comes true")
  void everyWishComesTrue() {
    for (int seed = 0; seed < RUNS; seed++) {
      play(seed, UnaryOperator.identity());
    }
  }

  @Test
  void twoNodesSwap() {
    for (int seed = 0; seed < RUNS; seed++) {
      move(seed, List.of(A, B), UnaryOperator.identity());
    }
  }

  @Test
  void threeNodesRotate() {
    for (int seed = 0; seed < RUNS; seed++) {
      move(seed, List.of(A, B, C), UnaryOperator.identity());
    }
  }

  @Test
  @DisplayName("C01 C12 what has come true needs nothing more, and the plans were what was done")
  void whatHasComeTrueNeedsNothingMore() {
    ImitatedCluster cluster = move(1, List.of(A, B), UnaryOperator.identity());

    for (ImitatedNode node : cluster.nodes) {
      List<KnownPeer> nobody = List.of();
      assertEquals(
          List.of(),
          Planner.plan(node.wish, node.discovery(nobody))
              .steps()
              .filter(step -> step.change() instanceof Change.OfVolume)
              .toList());
    }
  }

  @ParameterizedTest
  @EnumSource
  void wrongPlansAreFound(Plant plant) {
    assertThrows(
        AssertionError.class,
        () -> {
          for (int seed = 0; seed < RUNS; seed++) {
            play(seed, plant);
            move(seed, List.of(A, B), plant);
          }
        });
  }

  /** Wishes of all kinds, one after the other, each reaching one node sooner than the next. */
  private static void play(int seed, UnaryOperator<Plan> plant) {
    Random random = new Random(seed);
    List<NodeId> ids = random.nextBoolean() ? List.of(A, B) : List.of(A, B, C);
    ImitatedCluster cluster = new ImitatedCluster(ids, wish(0, random, ids), random, plant);
    try {
      for (int generation = 1; generation <= 3; generation++) {
        Wish wish = wish(generation, random, ids);
        List<ImitatedNode> untold = new ArrayList<>(cluster.nodes);
        for (int step = 0; step < TROUBLE; step++) {
          if (!untold.isEmpty() && random.nextInt(10) == 0) {
            cluster.tell(untold.removeLast(), wish);
          }
          cluster.step();
        }
        untold.forEach(node -> cluster.tell(node, wish));
      }
      reach(cluster);
    } catch (Violation e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
    assertWished(seed, cluster);
  }

  /** Each node's volume and application go on to the next one, twice. */
  private static ImitatedCluster move(int seed, List<NodeId> ids, UnaryOperator<Plan> plant) {
    Random random = new Random(seed);
    ImitatedCluster cluster = new ImitatedCluster(ids, rotated(0, ids), random, plant);
    try {
      reach(cluster);
      assertWished(seed, cluster);
      for (int turn = 1; turn <= 2; turn++) {
        Wish wish = rotated(turn, ids);
        cluster.nodes.forEach(node -> cluster.tell(node, wish));
        for (int step = 0; step < TROUBLE / 2; step++) {
          cluster.step();
        }
      }
      reach(cluster);
    } catch (Violation e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
    assertWished(seed, cluster);
    return cluster;
  }

  private static void reach(ImitatedCluster cluster) {
    cluster.calm();
    for (int step = 0; step < PATIENCE; step++) {
      if (step % 50 == 0 && cluster.isDone()) {
        return;
      }
      cluster.step();
    }
    List<String> left = new ArrayList<>();
    cluster.nodes.forEach(
        node -> node.plan.steps().forEach(step -> left.add(node.id + " " + step.text())));
    throw new Violation("never done: " + left, cluster.story());
  }

  private static void assertWished(int seed, ImitatedCluster cluster) {
    for (ImitatedNode node : cluster.nodes) {
      Deployment wish = node.wish.deployment();
      Set<String> wished = new TreeSet<>();
      wish.nodes().stream()
          .filter(one -> one.isFor(node.id, Scene.addresses(node.id)))
          .forEach(one -> wished.addAll(one.applications()));
      assertEquals(wished, new TreeSet<>(node.containers.keySet()), "seed " + seed);
      for (Container container : node.containers.values()) {
        Application application = wish.application(container.application()).orElseThrow();
        assertEquals(application.container(), container.definition().application(), "seed " + seed);
        for (MountedVolume volume : application.volumes()) {
          assertEquals(
              volume.maximumSizeBytes(),
              node.copy(volume.name()).orElseThrow().bytes(),
              "seed " + seed);
          assertEquals(
              volume.replication().map(_ -> others(cluster, node)),
              Optional.ofNullable(node.policies.get(node.copy(volume.name()).orElseThrow().id()))
                  .map(said -> Set.copyOf(said.policy().peers())),
              "seed " + seed);
        }
      }
      assertEquals(open(node), Set.copyOf(node.routing.open()), "seed " + seed);
      assertTrue(
          node.routing.routes().stream()
              .noneMatch(route -> node.routing.open().contains(route.port())),
          "seed " + seed);
      assertEquals(
          wish.placed().stream().mapToInt(one -> one.ports().size()).sum(),
          node.routing.routes().size() + node.routing.open().size(),
          "seed " + seed);
    }
  }

  private static Set<NodeId> others(ImitatedCluster cluster, ImitatedNode owner) {
    return cluster.nodes.stream()
        .map(node -> node.id)
        .filter(id -> !id.equals(owner.id))
        .collect(Collectors.toSet());
  }

  private static Set<Object> open(ImitatedNode node) {
    Set<Object> open = new java.util.HashSet<>();
    node.containers.values().forEach(one -> open.addAll(Ports.of(one.definition().application())));
    return open;
  }

  private static Wish rotated(int turn, List<NodeId> ids) {
    List<Application> applications = new ArrayList<>();
    List<NodeWish> nodes = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      String name = NAMES.get(i);
      applications.add(with(name, name));
      nodes.add(NodeWish.of(ids.get((i + turn) % ids.size()).toString(), List.of(name)));
    }
    return new Wish(new Deployment(applications, nodes), turn, ACCEPTED);
  }

  /** Applications with the volumes that they always have, anywhere or nowhere. */
  private static Wish wish(int generation, Random random, List<NodeId> ids) {
    List<Application> applications = new ArrayList<>();
    Map<NodeId, List<String>> places = new HashMap<>();
    for (int i = 0; i < NAMES.size(); i++) {
      String name = NAMES.get(i);
      Application application = application(name, i, random, ids);
      applications.add(application);
      if (random.nextInt(5) > 0) {
        places
            .computeIfAbsent(ids.get(random.nextInt(ids.size())), _ -> new ArrayList<>())
            .add(name);
      }
    }
    List<NodeWish> nodes = new ArrayList<>();
    places.forEach((node, names) -> nodes.add(NodeWish.of(node.toString(), names)));
    return new Wish(new Deployment(applications, nodes), generation, ACCEPTED);
  }

  private static Application application(String name, int number, Random random, List<NodeId> ids) {
    List<MountedVolume> volumes = new ArrayList<>();
    for (int volume = 0; volume < number % 4; volume++) {
      String called = name + volume;
      MountedVolume any =
          random.nextInt(3) == 0 ? mount(called, 1 + random.nextInt(2)) : mount(called);
      volumes.add(
          random.nextInt(3) == 0
              ? any.replicated(
                  new WishedPolicy(
                      ids.stream().map(NodeId::toString).toList(), Policy.to(List.of())))
              : any);
    }
    return plain(name)
        .with()
        .image(Image.parse("busybox:" + random.nextInt(2)))
        .volumes(volumes)
        .ports(random.nextBoolean() ? List.of(Port.tcp(80, 8000 + number)) : List.of())
        .build();
  }
}
