package io.flocker.core.simulation;

import io.flocker.core.id.VolumeId;
import java.util.Optional;

/** What nobody in the simulated cluster knows of a volume, only we. */
final class Truth {
  private static final int MOST_WRITES = 60; // a bit each

  private final VolumeId volume;
  private final boolean isOfFreshId;
  private int writes;
  private long acknowledged;
  private long namedLost;
  private long rolledBack;
  private boolean isHarmed;
  private boolean isTrusted = true;
  private Optional<Long> twoSinceMillis = Optional.empty();

  Truth(VolumeId volume, boolean isOfFreshId) {
    this.volume = volume;
    this.isOfFreshId = isOfFreshId;
  }

  /** Whether the node that creates it makes up its id: then it is created once. */
  boolean isOfFreshId() {
    return isOfFreshId;
  }

  VolumeId volume() {
    return volume;
  }

  /** The bit of a container's next write; empty where there have been enough. */
  Optional<Long> nextWrite() {
    return writes < MOST_WRITES ? Optional.of(1L << writes++) : Optional.empty();
  }

  void acknowledge(long bit) {
    acknowledged |= bit;
  }

  long acknowledged() {
    return acknowledged;
  }

  /** A takeover has said that what is not there may be lost. */
  void nameLost(long data) {
    namedLost |= data;
  }

  /** Was on no disk but the one that went back. */
  void rollBack(long data) {
    rolledBack |= data;
  }

  /** What may be nowhere. */
  long excused() {
    return namedLost | rolledBack;
  }

  /** A disk went back, an operator chose, or the volume was created twice. */
  void harm() {
    isHarmed = true;
  }

  boolean isHarmed() {
    return isHarmed;
  }

  /** An operator said that a node was fenced, and it was not. */
  void distrust() {
    isTrusted = false;
    harm();
  }

  boolean isTrusted() {
    return isTrusted;
  }

  void count(int writers, long nowMillis, World world) {
    if (writers > 1 && twoSinceMillis.isEmpty()) {
      twoSinceMillis = Optional.of(nowMillis);
    } else if (writers <= 1 && twoSinceMillis.isPresent()) {
      world.figures().twoWriters(nowMillis - twoSinceMillis.get());
      twoSinceMillis = Optional.empty();
    }
  }
}
