package io.flocker.core.operation;

import io.flocker.core.id.VolumeId;
import java.util.Optional;
import java.util.UUID;

/**
 * Which operations are asked for.
 *
 * @param reader who asks: none but those that it may see
 * @param before only those that were started before this one; where it is not kept, none
 * @param limit how many at most
 */
public record OperationQuery(
    OperationReader reader,
    Optional<OperationState> state,
    Optional<String> kind,
    Optional<VolumeId> volume,
    Optional<UUID> before,
    int limit) {
  /** The newest that {@code reader} may see, at most so many. */
  public static OperationQuery newest(OperationReader reader, int limit) {
    return new OperationQuery(
        reader, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), limit);
  }
}
