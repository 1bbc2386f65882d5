package io.flocker.core.deploy.configuration;

import io.flocker.core.deploy.Deployment;
import java.time.Instant;
import java.util.Optional;

/**
 * The whole cluster's wish as a node was told it.
 *
 * @param generation counts the wishes of the cluster: every node is told the same one under the
 *     same number; 0 before the first
 * @param accepted when this node was told; empty before the first
 */
public record Configuration(long generation, Optional<Instant> accepted, Deployment deployment) {
  /** The largest generation that JSON tools of every language keep exact. */
  public static final long MAX_GENERATION = 1L << 53;

  /** Nobody has told this node anything yet. */
  public static final Configuration NONE = new Configuration(0, Optional.empty(), Deployment.EMPTY);

  /** Whether there is a wish: without one nothing is started and nothing stopped. */
  public boolean isThere() {
    return generation > 0;
  }
}
