package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.Dataset;
import io.flocker.core.storage.Snapshot;

/**
 * A volume as this node sees it.
 *
 * @param id its lineage
 * @param name what people call it
 * @param owner who may write it, as far as this node knows
 * @param role what this node is to it
 * @param epoch of the record; 0 for a volume that was never handed off
 * @param dataset its dataset here
 */
public record Volume(
    VolumeId id, VolumeName name, NodeId owner, Role role, long epoch, Dataset dataset) {
  /** Whether it is a superseded copy that an operator has set aside: nobody's volume any more. */
  public boolean isSetAside() {
    return role == Role.SUPERSEDED && dataset.record().isEmpty();
  }

  /** The volume without what its dataset holds. */
  public VolumeHead head() {
    return VolumeHead.of(this);
  }

  /**
   * Makes sure that nothing lives below the volume's dataset.
   *
   * @param fate what would become of that, for people
   * @throws FailureException {@code HAS_CHILDREN}
   */
  public void requireChildless(String fate) throws FailureException {
    if (dataset.hasChildren()) {
      throw OwnershipFailure.HAS_CHILDREN
          .because(
              "other datasets live below %s, which %s: %s"
                  .formatted(dataset.name(), fate, String.join(", ", dataset.children())))
          .with("dataset", dataset.name())
          .with("children", dataset.children());
    }
  }

  /** Where and how a copy of the volume is taken away, so that it can be pushed anew. */
  public String removalAt(NodeId node) {
    return "DELETE /v1/volumes/" + id + "?replica=true on node " + node;
  }

  /**
   * The snapshot of that name.
   *
   * @throws FailureException {@code DATASET_NOT_FOUND}
   */
  public Snapshot requireSnapshot(String wanted) throws FailureException {
    return dataset
        .snapshot(wanted)
        .orElseThrow(() ->
            StorageFailure.DATASET_NOT_FOUND.because(
                "volume " + id + " has no snapshot " + wanted + " here"));
  }
}
