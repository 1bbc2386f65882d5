package io.flocker.core.operation;

import io.flocker.core.id.VolumeId;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** How operations of one kind go on that the daemon's end cut short. */
@FunctionalInterface
public interface Resumption {
  /**
   * An operation that was cut short.
   *
   * @param volume which one it works on, if it works on one
   * @param input what it was started with, as JSON has it
   * @param hasBegun whether its body may have done anything
   */
  record CutShort(
      UUID id, Optional<VolumeId> volume, Map<String, Object> input, boolean hasBegun) {}

  /** What to run now, under the same id; empty where nothing can be done any more. */
  Optional<OperationBody> of(CutShort operation);
}
