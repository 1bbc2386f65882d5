package io.flocker.core.deploy.plan;

import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.deploy.plan.KnownPeer.RemoteVolume;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.Role;
import io.flocker.core.volume.VolumeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds the volumes that the wish names. By its id a volume is found whatever it is called. By its
 * name the one is meant that this node owns, else the one that a peer owns, else the one of which
 * there is a copy here.
 */
final class VolumeSearch {
  private record Remote(NodeId owner, RemoteVolume volume) {}

  private final Map<VolumeId, LocalVolume> localById = new HashMap<>();
  private final Map<VolumeName, List<LocalVolume>> localByName = new HashMap<>();
  private final Map<VolumeId, List<Remote>> remoteById = new HashMap<>();
  private final Map<VolumeName, List<Remote>> remoteByName = new HashMap<>();

  VolumeSearch(List<LocalVolume> volumes, List<KnownPeer> peers) {
    for (LocalVolume volume : volumes) {
      localById.put(volume.id(), volume);
      localByName.computeIfAbsent(volume.name(), _ -> new ArrayList<>()).add(volume);
    }
    for (KnownPeer peer : peers) {
      for (RemoteVolume volume : peer.owned().orElse(List.of())) {
        Remote remote = new Remote(peer.node(), volume);
        remoteById.computeIfAbsent(volume.id(), _ -> new ArrayList<>()).add(remote);
        remoteByName.computeIfAbsent(volume.name(), _ -> new ArrayList<>()).add(remote);
      }
    }
  }

  /** What is known of a volume. */
  Sighting find(MountedVolume wished) {
    return wished.id().map(this::byId).orElseGet(() -> byName(wished.name()));
  }

  /** The volume of this node that a container mounts, by what it was made from. */
  Optional<LocalVolume> local(MountedVolume mounted) {
    return find(mounted).local();
  }

  /** Who else owns a volume that is called the same: two such cannot be on one node. */
  Optional<NodeId> ownerOfNamesake(LocalVolume volume) {
    return remoteByName.getOrDefault(volume.name(), List.of()).stream()
        .filter(remote -> !remote.volume().id().equals(volume.id()))
        .map(Remote::owner)
        .findFirst();
  }

  private Sighting byId(VolumeId id) {
    Optional<LocalVolume> local = Optional.ofNullable(localById.get(id));
    Optional<Remote> remote =
        remoteById.getOrDefault(id, List.of()).stream().findFirst();
    boolean isKnown = local.isPresent() || remote.isPresent();
    return new Sighting(
        local, owner(local, remote), size(local, remote), isKnown ? List.of(id) : List.of());
  }

  private Sighting byName(VolumeName name) {
    List<LocalVolume> locals = localByName.getOrDefault(name, List.of());
    for (LocalVolume volume : locals) {
      if (volume.role() == Role.OWNER) {
        return byId(volume.id());
      }
    }
    SortedSet<VolumeId> rivals = new TreeSet<>((a, b) -> a.uuid().compareTo(b.uuid()));
    remoteByName.getOrDefault(name, List.of()).forEach(one -> rivals.add(one.volume().id()));
    if (rivals.isEmpty()) {
      locals.forEach(volume -> rivals.add(volume.id()));
    }
    return rivals.size() == 1
        ? byId(rivals.getFirst())
        : new Sighting(
            Optional.empty(), Optional.empty(), OptionalLong.empty(), List.copyOf(rivals));
  }

  private static Optional<NodeId> owner(Optional<LocalVolume> local, Optional<Remote> remote) {
    return local.isPresent() && local.get().role() == Role.OWNER
        ? local.map(LocalVolume::owner)
        : remote.map(Remote::owner).or(() -> local.map(LocalVolume::owner));
  }

  private static OptionalLong size(Optional<LocalVolume> local, Optional<Remote> remote) {
    if (local.isPresent() && local.get().role() == Role.OWNER || remote.isEmpty()) {
      return local.map(LocalVolume::maximumSizeBytes).orElseGet(OptionalLong::empty);
    }
    return remote.get().volume().maximumSizeBytes();
  }
}
