package io.flocker.core.deploy.converge;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far a node is with its part of the wish.
 *
 * @param generation of the wish that it compared with; 0 before the first time
 * @param isAsWished whether all was as the wish that it was told last wants it, when it looked
 * @param looked when it last compared; empty before the first time
 * @param objects all that its part is about, by kind and name
 */
public record ConvergenceStatus(
    long generation, boolean isAsWished, Optional<Instant> looked, List<ObjectStatus> objects) {
  public ConvergenceStatus {
    objects = List.copyOf(objects);
  }

  /** Of a node that was told no wish. */
  public static final ConvergenceStatus NONE =
      new ConvergenceStatus(0, true, Optional.empty(), List.of());
}
