package io.flocker.cli.command;

import io.flocker.core.failure.Choice;
import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.IdPrefix;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A volume as people name it on a command line. */
sealed interface VolumeReference {
  /** What a command line's help says of it. */
  String MEANING = "Its name <namespace>.<name>, or its id, which may be cut short";

  /** By its lineage, which never changes. */
  record ById(VolumeId id) implements VolumeReference {}

  /** By the beginning of that. */
  record ByPrefix(IdPrefix prefix) implements VolumeReference {}

  /** By its name, which another volume may have tomorrow. */
  record ByName(VolumeName name) implements VolumeReference {}

  /**
   * Reads an id, the beginning of one, or a name: that has a period, which no id has.
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

  /** The volume on that node. */
  default VolumeDocument on(FlockerClient node)
      throws FailureException, IOException, InterruptedException {
    return switch (this) {
      case ById(VolumeId id) -> node.volume(id);
      case ByName(VolumeName name) -> node.volume(name);
      case ByPrefix(IdPrefix prefix) -> only(prefix, node);
    };
  }

  /** Its id on that node; a whole one also of a volume that is there no more. */
  default VolumeId lineage(FlockerClient node)
      throws FailureException, IOException, InterruptedException {
    return this instanceof ById(VolumeId id) ? id : on(node).id();
  }

  private static VolumeDocument only(IdPrefix prefix, FlockerClient node)
      throws FailureException, IOException, InterruptedException {
    List<VolumeDocument> fitting =
        node.volumes().stream().filter(volume -> prefix.begins(volume.id())).toList();
    return Choice.only(
        prefix.text(),
        fitting,
        fitting.stream().map(volume -> volume.name() + " (" + volume.id() + ")").toList(),
        OwnershipFailure.VOLUME_NOT_FOUND.because(
            node.url() + " has no volume whose id begins with " + prefix.text()));
  }
}
