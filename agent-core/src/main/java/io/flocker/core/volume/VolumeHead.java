package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.OwnershipFailure;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.storage.OwnershipRecord;
import io.flocker.core.volume.ownership.Tenure;
import java.util.Optional;
import java.util.UUID;

/**
 * A volume without its content: what the record and the name of its dataset say.
 *
 * @param id its lineage
 * @param name what people call it
 * @param owner who may write it, as far as this node knows
 * @param role what this node is to it, by this dataset alone
 * @param epoch of the record
 * @param operation that wrote the record; empty without one
 * @param dataset full name of its dataset here
 */
public record VolumeHead(
    VolumeId id,
    VolumeName name,
    NodeId owner,
    Role role,
    long epoch,
    Optional<UUID> operation,
    String dataset)
    implements VolumeReference.Candidate {
  /** The head of a volume that was read with its dataset. */
  public static VolumeHead of(Volume volume) {
    return new VolumeHead(
        volume.id(),
        volume.name(),
        volume.owner(),
        volume.role(),
        volume.epoch(),
        volume.dataset().record().map(OwnershipRecord::operation),
        volume.dataset().name());
  }

  /** The same volume in a dataset of another name. */
  VolumeHead renamed(String wanted) {
    return new VolumeHead(id, name, owner, role, epoch, operation, wanted);
  }

  /** What the record says of the owner; empty of a copy, which names the stream that it came by. */
  public Optional<Tenure> tenure() {
    return role == Role.REPLICA
        ? Optional.empty()
        : operation.map(by -> new Tenure(owner, epoch, by));
  }

  /**
   * Why another volume cannot have its id or name here: {@code VOLUME_EXISTS}, with what it is and
   * how to do away with it.
   *
   * @param here this node
   */
  FailureException inTheWay(NodeId here) {
    String what = "node " + here + " has volume " + id + " named " + name;
    String detail =
        role == Role.REPLICA
            ? what
                + ", the copy of a volume of node "
                + owner
                + "; once nobody needs the copy, destroy it on node "
                + here
                + ": DELETE /v1/volumes/"
                + id
                + "?replica=true, or flocker volume destroy --replica "
                + id
            : what + ", as its " + role;
    return OwnershipFailure.VOLUME_EXISTS
        .because(detail)
        .with("volume", id)
        .with("node", here)
        .with("role", role)
        .with("owner", owner);
  }
}
