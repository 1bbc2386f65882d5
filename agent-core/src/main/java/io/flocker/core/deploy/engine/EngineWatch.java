package io.flocker.core.deploy.engine;

/** Tells a listener what happens, until it is closed. Any thread may close. */
public interface EngineWatch extends AutoCloseable {
  /** Ends it, and waits for the listener to return. Idempotent. */
  @Override
  void close();
}
