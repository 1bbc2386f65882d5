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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the volumes that the wish names. By its id a volume is found whatever it is called. By its
 * name the one is meant that this node owns, else the one that a peer owns, else the one of which
 * there is a copy anywhere: it is not created anew beside that.
 */
final class VolumeSearch {
  private final Map<VolumeId, LocalVolume> localById = new HashMap<>();
  private final Map<VolumeName, List<LocalVolume>> localByName = new HashMap<>();
  private final Map<VolumeId, List<RemoteVolume>> remoteById = new HashMap<>();
  private final Map<VolumeName, List<RemoteVolume>> remoteByName = new HashMap<>();

  VolumeSearch(List<LocalVolume> volumes, List<KnownPeer> peers) {
    for (LocalVolume volume : volumes) {
      localById.put(volume.id(), volume);
      localByName.computeIfAbsent(volume.name(), _ -> new ArrayList<>()).add(volume);
    }
    for (KnownPeer peer : peers) {
      for (RemoteVolume volume : peer.volumes().orElse(List.of())) {
        remoteById.computeIfAbsent(volume.id(), _ -> new ArrayList<>()).add(volume);
        remoteByName.computeIfAbsent(volume.name(), _ -> new ArrayList<>()).add(volume);
      }
    }
  }

  /** What is known of a volume. */
  Sighting find(MountedVolume wished) {
    return wished.id().map(this::byId).orElseGet(() -> byName(wished.name()));
  }

  /** What there is here of a volume that a container mounts. */
  Optional<LocalVolume> local(MountedVolume mounted) {
    return find(mounted).local();
  }

  /** Who else owns a volume that is called the same: two such cannot be on one node. */
  Optional<NodeId> ownerOfNamesake(LocalVolume volume) {
    return remoteByName.getOrDefault(volume.name(), List.of()).stream()
        .filter(remote -> remote.role() == Role.OWNER && !remote.id().equals(volume.id()))
        .map(RemoteVolume::owner)
        .findFirst();
  }

  private Sighting byId(VolumeId id) {
    Optional<LocalVolume> local = Optional.ofNullable(localById.get(id));
    List<RemoteVolume> copies = remoteById.getOrDefault(id, List.of());
    if (local.isEmpty() && copies.isEmpty()) {
      return new Sighting(local, Optional.empty(), OptionalLong.empty(), List.of());
    }
    Optional<RemoteVolume> owned =
        copies.stream().filter(copy -> copy.role() == Role.OWNER).findFirst();
    if (local.isPresent() && (local.get().role() == Role.OWNER || owned.isEmpty())) {
      return new Sighting(
          local, Optional.of(local.get().owner()), local.get().maximumSizeBytes(), List.of(id));
    }
    RemoteVolume best = owned.orElseGet(copies::getFirst);
    return new Sighting(local, Optional.of(best.owner()), best.maximumSizeBytes(), List.of(id));
  }

  private Sighting byName(VolumeName name) {
    List<LocalVolume> locals = localByName.getOrDefault(name, List.of());
    for (LocalVolume volume : locals) {
      if (volume.role() == Role.OWNER) {
        return byId(volume.id());
      }
    }
    List<RemoteVolume> remotes = remoteByName.getOrDefault(name, List.of());
    Set<VolumeId> rivals =
        remotes.stream()
            .filter(remote -> remote.role() == Role.OWNER)
            .map(RemoteVolume::id)
            .collect(Collectors.toSet());
    if (rivals.isEmpty()) {
      rivals =
          Stream.concat(
                  locals.stream().map(LocalVolume::id), remotes.stream().map(RemoteVolume::id))
              .collect(Collectors.toSet());
    }
    List<VolumeId> sorted = rivals.stream().sorted((a, b) -> a.uuid().compareTo(b.uuid())).toList();
    return sorted.size() == 1
        ? byId(sorted.getFirst())
        : new Sighting(Optional.empty(), Optional.empty(), OptionalLong.empty(), sorted);
  }
}
