package io.flocker.core.replicate.change;

/** Is told what a pool says of itself. Any thread may call; it may ask the pool. */
public interface PoolNews {
  /**
   * Something was done to a dataset that may have changed what is in it.
   *
   * @param dataset its full name
   */
  void happened(String dataset);

  /** Something may have happened that nobody has told. */
  void missed();
}
