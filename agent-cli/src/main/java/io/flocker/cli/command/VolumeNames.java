package io.flocker.cli.command;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import io.flocker.core.volume.VolumeName;
import io.flocker.http.api.VolumeDocument;
import io.flocker.http.client.FlockerClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What people call the volumes that an answer tells of.
 *
 * @param names those that the node has, by their ids
 */
record VolumeNames(Map<VolumeId, VolumeName> names) {
  /** The names of the node's volumes; none where it cannot tell them. */
  static VolumeNames of(FlockerClient node) throws InterruptedException {
    try {
      return of(node.volumes());
    } catch (FailureException | IOException _) {
      return of(List.of()); // The answer that is to be printed has come all the same.
    }
  }

  private static VolumeNames of(List<VolumeDocument> volumes) {
    return new VolumeNames(
        volumes.stream()
            // A volume that is contested is there twice.
            .collect(
                Collectors.toMap(VolumeDocument::id, VolumeDocument::name, (first, _) -> first)));
  }

  /** The name, or the id of a volume that is gone: for a cell of a table. */
  String brief(VolumeId volume) {
    return Optional.ofNullable(names.get(volume))
        .map(VolumeName::toString)
        .orElseGet(volume::toString);
  }

  /** The name with the id. */
  String whole(VolumeId volume) {
    return Optional.ofNullable(names.get(volume))
        .map(name -> name + " (" + volume + ")")
        .orElseGet(volume::toString);
  }
}
