package io.flocker.core.volume;

import io.flocker.core.id.NodeId;
import io.flocker.core.id.Uuids;
import java.util.Optional;

/**
 * The name of a volume's dataset below its pool: {@code <owner-uuid>.<namespace>.<id>}, as Flocker
 * named them in 2014, so that existing pools are picked up.
 */
public record DatasetName(NodeId owner, VolumeName volume) {
  /** Reads the last component of a dataset's name; empty for datasets that are not ours. */
  public static Optional<DatasetName> ofBasename(String basename) {
    int period = basename.indexOf('.');
    if (period < 0) {
      return Optional.empty();
    }
    try {
      NodeId owner = new NodeId(Uuids.parse("node", basename.substring(0, period)));
      return Optional.of(new DatasetName(owner, VolumeName.parse(basename.substring(period + 1))));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** The full name of the dataset in {@code pool}. */
  public String in(String pool) {
    return pool + "/" + this;
  }

  @Override
  public String toString() {
    return owner + "." + volume;
  }
}
