package io.flocker.core.simulation;

import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** All that is left to chance in one run: a seed says it all. */
final class Chance {
  private final SplittableRandom random;

  Chance(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Whether something happens that happens that often. */
  boolean hits(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  /** From 0 to {@code bound}, which is left out. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** One of several. */
  <T> T oneOf(List<T> several) {
    return several.get(random.nextInt(several.size()));
  }

  /** Mostly short, seldom long, never more than {@code longest}. */
  long millis(long usual, long longest) {
    double stretch = Math.pow(random.nextDouble(), -0.7);
    return Math.min(longest, (long) (usual * random.nextDouble() * stretch));
  }

  UUID uuid() {
    return new UUID(
        (random.nextLong() & ~0xf000L) | 0x4000L, (random.nextLong() >>> 2) | (1L << 63));
  }
}
