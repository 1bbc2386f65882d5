package io.flocker.core.deploy;

import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * A volume of the cluster where an application finds it.
 *
 * @param name what the volume is called, and is found by unless it has an id
 * @param id of an exact volume, whatever it is called; one that is to be created gets it
 * @param mountpoint absolute path in the container
 * @param readOnly whether the application may only read it
 * @param maximumSizeBytes how large its content may become, at least 1; empty for no limit
 * @param profile what kind of storage is wanted, by a name of the cluster's own
 * @param metadata what users write about it
 * @param replication which nodes hold it; empty where the wish says nothing of that
 */
public record MountedVolume(
    VolumeName name,
    Optional<VolumeId> id,
    String mountpoint,
    boolean readOnly,
    OptionalLong maximumSizeBytes,
    Optional<String> profile,
    SortedMap<String, String> metadata,
    Optional<WishedPolicy> replication)
    implements Comparable<MountedVolume> {
  /** The namespace of a volume that is named by one word. */
  public static final String NAMESPACE = "default";

  public MountedVolume {
    if (!isAbsolute(mountpoint)) {
      throw new IllegalArgumentException(
          "a mountpoint is an absolute path in the container, not '" + mountpoint + "'");
    }
    maximumSizeBytes.ifPresent(bytes -> Copies.atLeast(1, bytes, "a maximum size"));
    metadata = Copies.sorted(metadata);
  }

  /** A volume without limit, profile or metadata that is found by its name. */
  public static MountedVolume of(VolumeName name, String mountpoint) {
    return new MountedVolume(
        name,
        Optional.empty(),
        mountpoint,
        false,
        OptionalLong.empty(),
        Optional.empty(),
        Copies.sorted(Map.of()),
        Optional.empty());
  }

  /** The same volume with that said of its replication. */
  public MountedVolume replicated(WishedPolicy policy) {
    return new MountedVolume(
        name, id, mountpoint, readOnly, maximumSizeBytes, profile, metadata, Optional.of(policy));
  }

  /** What decides which volume it is: two that have the same are one volume. */
  public String identity() {
    return id.map(VolumeId::toString).orElseGet(name::toString);
  }

  /** By mountpoint. */
  @Override
  public int compareTo(MountedVolume other) {
    return mountpoint.compareTo(other.mountpoint);
  }

  /** The part that a container is made with; the rest changes under a container that runs. */
  MountedVolume mount() {
    return new MountedVolume(
        name,
        id,
        mountpoint,
        readOnly,
        OptionalLong.empty(),
        Optional.empty(),
        Copies.sorted(Map.of()),
        Optional.empty());
  }

  private static boolean isAbsolute(String path) {
    return path.startsWith("/")
        && path.length() > 1
        && path.chars().noneMatch(Character::isISOControl)
        && path.indexOf(':') < 0 // An engine would take it for the end of the path.
        && ("/" + path + "/").indexOf("/../") < 0;
  }
}
