package io.flocker.core.operation;

import io.flocker.core.id.VolumeId;
import io.flocker.core.identity.Principal;
import java.util.Optional;
import java.util.UUID;

/**
 * Which operations are asked for.
 *
 * @param owner whose
 * @param before only those that were started before this one; where it is not kept, none
 * @param limit how many at most
 */
public record OperationQuery(
    Principal owner,
    Optional<OperationState> state,
    Optional<String> kind,
    Optional<VolumeId> volume,
    Optional<UUID> before,
    int limit) {
  /** The newest of {@code owner}, at most so many. */
  public static OperationQuery newest(Principal owner, int limit) {
    return new OperationQuery(
        owner, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), limit);
  }
}
