package io.flocker.core.deploy.converge;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far a node is with its part of the wish.
 *
 * @param generation of the wish that it goes by; 0 while it was told none
 * @param isAsWished whether all is as wished, so far as that could be found out
 * @param looked when it last compared; empty before the first time
 * @param objects all that its part is about, by kind and name
 */
public record ConvergenceStatus(
    long generation, boolean isAsWished, Optional<Instant> looked, List<ObjectStatus> objects) {
  /** Of a node that was told no wish. */
  public static final ConvergenceStatus NONE =
      new ConvergenceStatus(0, true, Optional.empty(), List.of());
}
