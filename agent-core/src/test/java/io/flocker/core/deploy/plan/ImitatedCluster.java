package io.flocker.core.deploy.plan;

import static io.flocker.core.deploy.plan.Scene.summary;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.plan.ImitatedNode.Copy;
import io.flocker.core.deploy.plan.Plan.Step;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Nodes that do what their plans say, in any order that the plans allow, by a seed that says
 * everything: changes that fail before they have done anything, handoffs that stop after their
 * commit, peers that do not answer or have told what is no longer so, wishes that reach one node
 * sooner than the next. After each change it looks whether anything is as it must never be. Of what
 * nodes do it is the least that a plan can be judged by; what a change itself makes sure of, such
 * as that a volume in use is not unmounted, it does not do but reports. One thread.
 */
final class ImitatedCluster {
  /** Something is as it must never be. */
  static final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    Violation(String what, List<String> story) {
      super(what + "; " + String.join("; ", story));
    }
  }

  private static final int REMEMBERED = 40;

  final List<ImitatedNode> nodes = new ArrayList<>();
  private final Random random;
  private final UnaryOperator<Plan> plant;
  private final Map<NodeId, List<KnownPeer>> heard = new HashMap<>();
  private final List<String> story = new ArrayList<>();
  private boolean isCalm;

  /**
   * Nodes that have nothing.
   *
   * @param plant what becomes of a plan before it is gone by
   */
  ImitatedCluster(List<NodeId> ids, Wish wish, Random random, UnaryOperator<Plan> plant) {
    ids.forEach(id -> nodes.add(new ImitatedNode(id, wish)));
    this.random = random;
    this.plant = plant;
  }

  ImitatedNode node(NodeId id) {
    return nodes.stream().filter(node -> node.id.equals(id)).findFirst().orElseThrow();
  }

  /** Nothing fails from now on, and everybody answers. */
  void calm() {
    isCalm = true;
    heard.clear();
    nodes.forEach(this::replan);
  }

  /** Something happens at some node. */
  void step() {
    ImitatedNode node = nodes.get(random.nextInt(nodes.size()));
    List<Step> ready = ready(node);
    if (ready.isEmpty() || random.nextInt(10) == 0) {
      finishHandoffs(node);
      replan(node);
      return;
    }
    perform(node, ready.get(random.nextInt(ready.size())));
    judge();
  }

  /** Whether no node has anything left to do. */
  boolean isDone() {
    for (ImitatedNode node : nodes) {
      finishHandoffs(node);
    }
    return nodes.stream().allMatch(node -> Planner.plan(node.wish, discovery(node)).isEmpty());
  }

  /** A node is told another wish; what it has begun is finished, the rest of its plan dropped. */
  void tell(ImitatedNode node, Wish wish) {
    node.wish = wish;
    replan(node);
  }

  private void replan(ImitatedNode node) {
    if (!isCalm && random.nextInt(3) == 0) {
      heard.remove(node.id);
    }
    Plan plan = Planner.plan(node.wish, discovery(node));
    Plan again = Planner.plan(node.wish, discovery(node));
    if (!plan.equals(again)) {
      throw new Violation("two plans for the same", story);
    }
    node.plan = plant.apply(plan);
    node.done.clear();
    node.failed.clear();
  }

  /** What a node knows; of its peers it may be what was so a while ago. */
  private Discovery discovery(ImitatedNode node) {
    if (isCalm) {
      return node.discovery(peers(node));
    }
    return node.discovery(heard.computeIfAbsent(node.id, _ -> peers(node)));
  }

  private List<KnownPeer> peers(ImitatedNode self) {
    List<KnownPeer> peers = new ArrayList<>();
    for (ImitatedNode node : nodes) {
      if (node != self) {
        boolean isReachable = isCalm || random.nextInt(8) > 0;
        boolean hasSaid = isReachable && (isCalm || random.nextBoolean());
        peers.add(
            Scene.peer(
                node.id, isReachable, hasSaid ? Optional.of(node.told()) : Optional.empty()));
      }
    }
    return peers;
  }

  /** What can be done now: not yet done, not failed, and what it waits for has gone well. */
  private List<Step> ready(ImitatedNode node) {
    return node.plan
        .steps()
        .filter(step -> !node.done.contains(step.number()) && !node.failed.contains(step.number()))
        .filter(step -> node.done.containsAll(step.waitsFor()))
        .filter(step -> !(step.change() instanceof Change.AwaitVolume await) || isHere(node, await))
        .toList();
  }

  private static boolean isHere(ImitatedNode node, Change.AwaitVolume await) {
    return node.copy(await.volume().name()).map(copy -> copy.role() == Role.OWNER).orElse(false);
  }

  private void perform(ImitatedNode node, Step step) {
    boolean fails = !isCalm && random.nextInt(6) == 0;
    boolean isDone = !fails && perform(node, step.change());
    tell(
        "%s: %s%s"
            .formatted(
                node.id.toString().charAt(0), summary(step.change()), isDone ? "" : " failed"));
    (isDone ? node.done : node.failed).add(step.number());
  }

  /** Does it, and says whether it went well. */
  private boolean perform(ImitatedNode node, Change change) {
    return switch (change) {
      case Change.ResizeVolume resize -> {
        Optional<Copy> copy = node.copy(resize.volume().name());
        copy.ifPresent(one -> node.copies.put(one.id(), one.of(resize.toBytes())));
        yield copy.isPresent() && node.owns(copy.get().id());
      }
      case Change.PrepareApplication _ -> true;
      case Change.PushVolume push -> push(node, push.volume().name(), node(push.to()));
      case Change.StopApplication stop -> stop(node, stop);
      case Change.HandOffVolume handOff -> handOff(node, handOff);
      case Change.AwaitVolume _ -> true;
      case Change.CreateVolume create -> create(node, create);
      case Change.ReplicateVolume one ->
          say(node, one.volume(), Optional.of(new OwnPolicy(one.policy(), true)));
      case Change.DropPolicy one -> say(node, one.volume(), Optional.empty());
      case Change.SetRoutes set -> {
        node.routing = set.routing();
        yield true;
      }
      case Change.StartApplication start -> start(node, start.definition());
      case Change.RestartApplication restart -> {
        node.containers.remove(restart.application());
        yield start(node, restart.definition());
      }
    };
  }

  private static boolean say(
      ImitatedNode node, VolumeReference volume, Optional<OwnPolicy> policy) {
    Optional<Copy> copy = node.copy(volume.name()).filter(one -> one.role() == Role.OWNER);
    copy.ifPresent(one ->
        policy.ifPresentOrElse(
            said -> node.policies.put(one.id(), said), () -> node.policies.remove(one.id())));
    return copy.isPresent();
  }

  private static boolean push(ImitatedNode node, VolumeName name, ImitatedNode to) {
    Optional<Copy> copy = node.copy(name).filter(one -> one.role() == Role.OWNER);
    if (copy.isEmpty() || to.owns(copy.get().id())) {
      return false;
    }
    to.copies.put(copy.get().id(), copy.get().with(Role.REPLICA, node.id));
    return true;
  }

  private boolean stop(ImitatedNode node, Change.StopApplication stop) {
    boolean moves = stop.reasons().stream().anyMatch(one -> one.kind() == Reason.Kind.MOVES);
    if (moves) {
      for (VolumeReference volume : stop.volumes()) {
        Optional<Copy> copy = node.copy(volume.name());
        boolean isMine = copy.isPresent() && copy.get().role() == Role.OWNER;
        if (isMine
            && nodes.stream().filter(one -> one.copy(volume.name()).isPresent()).count() < 2) {
          throw new Violation(
              "%s stands still before %s was pushed".formatted(stop.application(), volume), story);
        }
      }
    }
    node.containers.remove(stop.application());
    return true;
  }

  private boolean handOff(ImitatedNode node, Change.HandOffVolume handOff) {
    VolumeName name = handOff.volume().name();
    ImitatedNode to = node(handOff.to());
    Optional<Copy> copy = node.copy(name).filter(one -> one.role() == Role.OWNER);
    if (copy.isEmpty()) {
      return false;
    }
    if (node.uses(name)) {
      throw new Violation(name + " is handed off while it is used", story);
    }
    Copy released = copy.get().with(Role.RELEASED, to.id);
    node.copies.put(released.id(), released);
    to.copies.put(released.id(), released);
    if (!isCalm && random.nextInt(4) == 0) {
      return false; // After its commit; somebody finishes it later.
    }
    finishHandoffs(to);
    return true;
  }

  /** A node takes what was released to it; who gave it away has a copy from then on. */
  private void finishHandoffs(ImitatedNode node) {
    for (Copy copy : List.copyOf(node.copies.values())) {
      if (copy.role() == Role.RELEASED && copy.owner().equals(node.id)) {
        for (ImitatedNode other : nodes) {
          if (other.copies.containsKey(copy.id())) {
            other.copies.put(copy.id(), copy.with(Role.REPLICA, node.id));
          }
        }
        node.copies.put(copy.id(), copy.with(Role.OWNER, node.id));
        passOn(copy.id(), node);
      }
    }
  }

  /** What is said of a volume goes along, its old owner in the place of the new one. */
  private void passOn(VolumeId volume, ImitatedNode to) {
    for (ImitatedNode from : nodes) {
      OwnPolicy said = from == to ? null : from.policies.remove(volume);
      if (said != null) {
        to.policies.put(
            volume, new OwnPolicy(said.policy().handedOver(from.id, to.id), said.isWished()));
      }
    }
  }

  /** Asks everybody first, as whoever creates a volume has to. */
  private boolean create(ImitatedNode node, Change.CreateVolume create) {
    VolumeName name = create.volume().name();
    if (!isCalm && random.nextInt(4) == 0) {
      return false; // Somebody did not answer.
    }
    if (nodes.stream().anyMatch(one -> one.copy(name).isPresent())) {
      return false;
    }
    VolumeId id =
        create
            .volume()
            .id()
            .orElseGet(() -> new VolumeId(new UUID(random.nextLong(), random.nextLong())));
    node.copies.put(id, new Copy(id, name, Role.OWNER, node.id, create.maximumSizeBytes()));
    return true;
  }

  private boolean start(ImitatedNode node, Application application) {
    if (node.containers.containsKey(application.name())) {
      throw new Violation(application.name() + " has a container already", story);
    }
    for (MountedVolume volume : application.volumes()) {
      if (!node.copy(volume.name()).map(copy -> copy.role() == Role.OWNER).orElse(false)) {
        throw new Violation(
            "%s starts on node %s without %s".formatted(application.name(), node.id, volume.name()),
            story);
      }
    }
    for (Container other : node.containers.values()) {
      if (!java.util.Collections.disjoint(
          Ports.of(other.definition().application()), Ports.of(application))) {
        return false; // One that goes on here has it.
      }
    }
    node.containers.put(
        application.name(), Scene.container(application, Scene.running(Optional.empty()), node.id));
    return true;
  }

  /** Looks whether anything is as it must never be. */
  private void judge() {
    Map<VolumeName, NodeId> owners = new HashMap<>();
    Map<String, NodeId> running = new HashMap<>();
    for (ImitatedNode node : nodes) {
      for (Copy copy : node.copies.values()) {
        if (copy.role() == Role.OWNER && owners.put(copy.name(), node.id) != null) {
          throw new Violation(copy.name() + " has two owners", story);
        }
      }
    }
    for (ImitatedNode node : nodes) {
      for (Container container : node.containers.values()) {
        Application application = container.definition().application();
        if (!application.volumes().isEmpty() && running.put(application.name(), node.id) != null) {
          throw new Violation(application.name() + " runs on two nodes", story);
        }
        Set<NodeId> writers = new HashSet<>();
        application.volumes().forEach(volume -> writers.add(owners.get(volume.name())));
        if (!Set.of(node.id).containsAll(writers)) {
          throw new Violation(
              "%s runs on node %s, its volumes belong to %s"
                  .formatted(application.name(), node.id, writers),
              story);
        }
      }
    }
  }

  private void tell(String what) {
    story.add(what);
    if (story.size() > REMEMBERED) {
      String _ = story.removeFirst();
    }
  }

  /** What happened last. */
  List<String> story() {
    return List.copyOf(story);
  }
}
