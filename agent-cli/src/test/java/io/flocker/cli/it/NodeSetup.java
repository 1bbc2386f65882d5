package io.flocker.cli.it;

import java.util.List;

/**
 * How a node of {@link TwoNodes} is made.
 *
 * @param poolBytes size of its pool; at least 64 MiB
 * @param poolProperties more ones of its pool's root, each {@code name=value}
 * @param isFaulty whether {@link TestNode#faults} can make its {@code zfs} misbehave
 * @param settings more lines for its {@code flockerd.yml}
 * @param location where it runs
 */
record NodeSetup(
    long poolBytes,
    List<String> poolProperties,
    boolean isFaulty,
    String settings,
    Location location) {
  /** 256 MiB, a ZFS that does as it is told, and all settings as shipped. */
  static NodeSetup usual() {
    return new NodeSetup(256L << 20, List.of(), false, "", Location.LOOPBACK);
  }

  NodeSetup withPool(long bytes) {
    return new NodeSetup(bytes, poolProperties, isFaulty, settings, location);
  }

  NodeSetup withPoolProperties(String... properties) {
    return new NodeSetup(poolBytes, List.of(properties), isFaulty, settings, location);
  }

  NodeSetup withFaultyZfs() {
    return new NodeSetup(poolBytes, poolProperties, true, settings, location);
  }

  /** With these top-level members of {@code flockerd.yml} too, such as {@code transfer: {…}}. */
  NodeSetup with(String lines) {
    return new NodeSetup(poolBytes, poolProperties, isFaulty, settings + lines + "\n", location);
  }

  NodeSetup at(Location elsewhere) {
    return new NodeSetup(poolBytes, poolProperties, isFaulty, settings, elsewhere);
  }
}
