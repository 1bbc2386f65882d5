package io.flocker.core.volume;

import io.flocker.core.failure.FailureException;
import io.flocker.core.id.VolumeId;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What this node knows of volumes beside their datasets: what users wrote about them, and which
 * were destroyed. Any thread may call; every method may block; what it wrote is on disk when it
 * returns.
 */
public interface VolumeRegister {
  /** What users wrote about a volume; empty for one that is unknown. */
  Map<String, String> metadata(VolumeId volume) throws FailureException;

  /** The same of all volumes that anything was written about. */
  Map<VolumeId, Map<String, String>> metadata() throws FailureException;

  /** Replaces what was written about a volume. */
  void describe(VolumeId volume, Map<String, String> metadata) throws FailureException;

  /** Leaves a tombstone, and forgets the metadata. */
  void bury(VolumeId volume, long epoch) throws FailureException;

  /**
   * Takes a {@link #bury} back.
   *
   * @param tombstone the epoch of the tombstone that was there before, if there was one
   * @param metadata what was written about the volume before
   */
  void exhume(VolumeId volume, OptionalLong tombstone, Map<String, String> metadata)
      throws FailureException;

  /** The epoch at which this node destroyed a volume that it owned. */
  OptionalLong tombstone(VolumeId volume) throws FailureException;
}
