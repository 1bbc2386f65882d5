package io.flocker.core.deploy.engine;

import io.flocker.core.failure.FailureException;

/**
 * Hears what happens to flockerd's containers. Called on one thread, and has to be quick: an engine
 * keeps what happens meanwhile, but drops what is too much. What it throws ends nothing but is
 * logged.
 */
public interface EngineListener {
  /**
   * From now on every event will come, and some of a moment ago come again: whoever lists all
   * containers now has missed nothing. Called once the engine is reached, and each time that it is
   * reached again.
   */
  void look();

  /** Something has happened to a container; it may come twice. */
  void happened(EngineEvent event);

  /**
   * The engine has gone away, or is not there yet: told at each try. {@link #look} follows once it
   * is.
   */
  void away(FailureException failure);
}
