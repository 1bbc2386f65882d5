package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.engine.Container;
import io.flocker.core.deploy.engine.Containers;
import io.flocker.core.deploy.plan.KnownPeer.RemoteVolume;
import io.flocker.core.deploy.route.Routes;
import io.flocker.core.deploy.route.Routing;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.replicate.policy.OwnPolicy;
import io.flocker.core.volume.MountStatus;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** One node of an {@link ImitatedCluster}: its datasets, containers and routes. */
final class ImitatedNode {
  /**
   * A dataset.
   *
   * @param owner what its record says
   */
  record Copy(VolumeId id, VolumeName name, Role role, NodeId owner, OptionalLong bytes) {
    Copy with(Role changed, NodeId newOwner) {
      return new Copy(id, name, changed, newOwner, bytes);
    }

    Copy of(OptionalLong changed) {
      return new Copy(id, name, role, owner, changed);
    }
  }

  final NodeId id;
  final Map<VolumeId, Copy> copies = new HashMap<>();
  final Map<String, Container> containers = new HashMap<>();
  final Map<VolumeId, OwnPolicy> policies = new HashMap<>();
  Routing routing = Routing.NONE;
  Wish wish;

  /** What is under way of the plan that the node goes by, and what has gone well. */
  Plan plan;

  final Set<Integer> done = new HashSet<>();
  final Set<Integer> failed = new HashSet<>();

  ImitatedNode(NodeId id, Wish wish) {
    this.id = id;
    this.wish = wish;
    plan = new Plan(0, List.of(), List.of());
  }

  /** The copy of a volume that is called so. */
  Optional<Copy> copy(VolumeName name) {
    return copies.values().stream().filter(copy -> copy.name().equals(name)).findFirst();
  }

  boolean owns(VolumeId volume) {
    Copy copy = copies.get(volume);
    return copy != null && copy.role() == Role.OWNER;
  }

  /** Whether a container of this node mounts a volume. */
  boolean uses(VolumeName name) {
    return containers.values().stream()
        .flatMap(one -> one.definition().application().volumes().stream())
        .anyMatch(volume -> volume.name().equals(name));
  }

  /** What it tells its peers. */
  List<RemoteVolume> told() {
    return copies.values().stream()
        .map(copy ->
            new RemoteVolume(copy.id(), copy.name(), copy.role(), copy.owner(), copy.bytes()))
        .toList();
  }

  /** What it finds, if it knows that of its peers. */
  Discovery discovery(List<KnownPeer> peers) {
    List<LocalVolume> volumes = new ArrayList<>();
    for (Copy copy : copies.values()) {
      MountStatus.State mount =
          copy.role() == Role.OWNER ? MountStatus.State.MOUNTED : MountStatus.State.UNMOUNTED;
      volumes.add(
          new LocalVolume(
              copy.id(),
              copy.name(),
              copy.role(),
              copy.owner(),
              copy.bytes(),
              new MountStatus(mount, Optional.empty()),
              Path.of("/flocker/" + copy.name())));
    }
    return new Discovery(
        id,
        Scene.addresses(id),
        Optional.of(Containers.of(List.copyOf(containers.values()))),
        Map.of(),
        Optional.of(volumes),
        policies,
        peers,
        Optional.of(new Routes.Found(!routing.isEmpty(), true, routing)));
  }
}
