package io.flocker.core.deploy.converge;

import io.flocker.core.deploy.Application;
import io.flocker.core.deploy.MountedVolume;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Volumes as applications name them: by what they are called, or by their ids. */
public record NamedVolumes(Set<VolumeName> names, Set<VolumeId> ids) {
  public NamedVolumes {
    names = Set.copyOf(names);
    ids = Set.copyOf(ids);
  }

  /** All that these applications mount. */
  public static NamedVolumes of(Stream<Application> applications) {
    return ofMounts(applications.flatMap(application -> application.volumes().stream()).toList());
  }

  /** These. */
  public static NamedVolumes ofMounts(Collection<MountedVolume> mounts) {
    return new NamedVolumes(
        mounts.stream().map(MountedVolume::name).collect(Collectors.toSet()),
        mounts.stream()
            .map(MountedVolume::id)
            .flatMap(Optional::stream)
            .collect(Collectors.toSet()));
  }

  /** These, and those with such ids. */
  NamedVolumes and(Collection<VolumeId> others) {
    Set<VolumeId> all = new HashSet<>(ids);
    all.addAll(others);
    return new NamedVolumes(names, all);
  }

  /** Whether it is one of them. */
  public boolean includes(VolumeId id, VolumeName name) {
    return ids.contains(id) || names.contains(name);
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return names.isEmpty() && ids.isEmpty();
  }

  /** In order, for people. */
  @Override
  public String toString() {
    Set<String> all = new TreeSet<>();
    names.forEach(name -> all.add(name.toString()));
    ids.forEach(id -> all.add(id.toString()));
    return String.join(", ", all);
  }
}
