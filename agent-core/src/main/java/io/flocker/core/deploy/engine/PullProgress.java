package io.flocker.core.deploy.engine;

/** Hears how far the fetching of an image is. On the thread that fetches. */
@FunctionalInterface
public interface PullProgress {
  /** Wants to know nothing. */
  PullProgress NONE = (_, _) -> {};

  /**
   * It has come further.
   *
   * @param bytes of what is known to be needed, fetched
   * @param totalBytes of what is known to be needed; grows while the engine finds out
   */
  void reached(long bytes, long totalBytes);
}
