package io.flocker.cli.command;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.Uuids;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;

/** A volume as people name it on a command line. */
sealed interface VolumeReference {
  /** By its lineage, which never changes. */
  record ById(VolumeId id) implements VolumeReference {}

  /** By its name, which another volume may have tomorrow. */
  record ByName(VolumeName name) implements VolumeReference {}

  /**
   * Reads an id or a name.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static VolumeReference parse(String text) {
    try {
      return new ById(new VolumeId(Uuids.parse("volume", text)));
    } catch (IllegalArgumentException _) {
      return new ByName(VolumeName.parse(text));
    }
  }

  /** The volume on that node. */
  default VolumeDocument on(FlockerClient node)
      throws FailureException, IOException, InterruptedException {
    return switch (this) {
      case ById(VolumeId id) -> node.volume(id);
      case ByName(VolumeName name) -> node.volume(name);
    };
  }
}
