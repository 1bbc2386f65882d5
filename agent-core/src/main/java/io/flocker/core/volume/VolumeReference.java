package io.flocker.core.volume;

import io.flocker.core.failure.Choice;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.IdPrefix;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A volume as people name it. */
public sealed interface VolumeReference {
  /** How it is written, for those who write it. */
  String FORMS = "Its name <namespace>.<name>, or its id, which may be cut short";

  /** By its lineage, which never changes. */
  record ById(VolumeId id) implements VolumeReference {
    @Override
    public String toString() {
      return id.toString();
    }
  }

  /** By the beginning of that. */
  record ByPrefix(IdPrefix prefix) implements VolumeReference {
    @Override
    public String toString() {
      return prefix.text();
    }
  }

  /** By its name, which another volume may have tomorrow. */
  record ByName(VolumeName name) implements VolumeReference {
    @Override
    public String toString() {
      return name.toString();
    }
  }

  /**
   * Reads an id, the beginning of one, or a name: that has a period, which no id has. What is read
   * is what {@code toString} writes.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static VolumeReference parse(String text) {
    try {
      return new ById(new VolumeId(Uuids.parse("volume", text)));
    } catch (IllegalArgumentException _) {
      Optional<IdPrefix> prefix = IdPrefix.of(text);
      return prefix.isPresent() ? new ByPrefix(prefix.get()) : new ByName(VolumeName.parse(text));
    }
  }

  /** A volume that may be meant. */
  interface Candidate {
    /** Its lineage. */
    VolumeId id();

    /** What it is called. */
    VolumeName name();

    /** What the node is to it whose volume it is. */
    Role role();
  }

  /**
   * The one that is meant among the volumes of a node: where several bear a name the owned one.
   *
   * @param node what these volumes are of, as a message calls it
   * @throws FailureException {@code VOLUME_NOT_FOUND} or {@code AMBIGUOUS_REFERENCE}
   */
  default <T extends Candidate> T among(List<T> volumes, String node) throws FailureException {
    List<T> fitting = volumes.stream().filter(this::fits).toList();
    List<T> owned = fitting.stream().filter(volume -> volume.role() == Role.OWNER).toList();
    Set<VolumeId> ids = new HashSet<>(); // One lineage may be there twice, and is contested then.
    List<T> meant =
        (this instanceof ByName && !owned.isEmpty() ? owned : fitting)
            .stream().filter(volume -> ids.add(volume.id())).toList();
    return Choice.only(
        toString(),
        meant,
        meant.stream().map(volume -> volume.name() + " (" + volume.id() + ")").toList(),
        OwnershipFailure.VOLUME_NOT_FOUND.because(node + " has no volume " + described()));
  }

  private boolean fits(Candidate volume) {
    return switch (this) {
      case ById(VolumeId id) -> id.equals(volume.id());
      case ByPrefix(IdPrefix prefix) -> prefix.begins(volume.id());
      case ByName(VolumeName name) -> name.equals(volume.name());
    };
  }

  private String described() {
    return switch (this) {
      case ById _ -> "with the id " + this;
      case ByPrefix _ -> "whose id begins with " + this;
      case ByName _ -> "called " + this;
    };
  }
}
