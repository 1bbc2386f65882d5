package io.flocker.core.deploy.configuration;

import io.flocker.core.failure.FailureException;

/** Where a node keeps its configuration. Any thread may call; every method blocks on the disk. */
public interface ConfigurationStore {
  /** The one that was written last; {@link Configuration#NONE} before the first. */
  Configuration read() throws FailureException;

  /**
   * Writes one down in place of the one before; on disk when this returns.
   *
   * @throws FailureException {@code STATE_UNAVAILABLE}: then the one before still counts
   */
  void write(Configuration configuration) throws FailureException;
}
