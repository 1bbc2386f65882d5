package io.flocker.core.volume;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import java.util.Optional;

/**
 * A dataset that bears the ownership record of a volume but not a volume's name: somebody has
 * renamed it by hand, and the volume is away until it has its name back.
 *
 * @param dataset full name
 * @param volume the lineage of its record
 * @param owner the node of its record
 * @param before full name that it had when last it was seen as a volume; empty if this daemon has
 *     never seen that
 */
public record StrayDataset(String dataset, VolumeId volume, NodeId owner, Optional<String> before) {
  /** The same, whose earlier name is known. */
  StrayDataset named(Optional<String> earlier) {
    return new StrayDataset(dataset, volume, owner, earlier);
  }

  /** What it is, and the command that makes it the volume again. */
  public String words() {
    String pool = dataset.substring(0, dataset.indexOf('/'));
    String command =
        "zfs rename " + dataset + " " + before.orElse(pool + "/" + owner + ".NAMESPACE.ID");
    String told =
        "dataset %s bears the ownership record of volume %s, but its name is not a volume's; to make it the volume again: %s"
            .formatted(dataset, volume, command);
    return before.isPresent() ? told : told + ", where NAMESPACE.ID is the volume's name";
  }
}
