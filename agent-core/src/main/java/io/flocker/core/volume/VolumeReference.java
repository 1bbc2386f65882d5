package io.flocker.core.volume;

import io.flocker.core.failure.Choice;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.IdPrefix;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import java.util.List;
import java.util.Optional;

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

  /** Whether it fits that volume. */
  default boolean fits(VolumeId volume, VolumeName name) {
    return switch (this) {
      case ById(VolumeId id) -> id.equals(volume);
      case ByPrefix(IdPrefix prefix) -> prefix.begins(volume);
      case ByName(VolumeName wanted) -> wanted.equals(name);
    };
  }

  /**
   * The lineage of the one that is meant among those: where several bear a name the owned one.
   *
   * @param volumes those of this node
   * @throws FailureException {@code VOLUME_NOT_FOUND} or {@code AMBIGUOUS_REFERENCE}
   */
  default VolumeId among(List<VolumeHead> volumes) throws FailureException {
    List<VolumeHead> fitting =
        volumes.stream().filter(volume -> fits(volume.id(), volume.name())).toList();
    List<VolumeHead> owned =
        fitting.stream().filter(volume -> volume.role() == Role.OWNER).toList();
    boolean isName = this instanceof ByName;
    List<VolumeId> meant =
        (isName && !owned.isEmpty() ? owned : fitting)
            .stream().map(VolumeHead::id).distinct().toList();
    return Choice.only(
        toString(),
        meant,
        meant.stream().map(VolumeId::toString).toList(),
        OwnershipFailure.VOLUME_NOT_FOUND.because(
            "there is no volume "
                + (isName ? "named " : "whose id begins with ")
                + this
                + " here"));
  }
}
