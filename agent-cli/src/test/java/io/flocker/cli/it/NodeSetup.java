package io.flocker.cli.it;

/**
 * How a node of {@link TwoNodes} is made.
 *
 * @param poolBytes size of its pool; at least 64 MiB
 * @param isFaulty whether {@link TestNode#faults} can make its {@code zfs} misbehave
 * @param settings more lines for its {@code flockerd.yml}
 */
record NodeSetup(long poolBytes, boolean isFaulty, String settings) {
  /** 256 MiB, a ZFS that does as it is told, and all settings as shipped. */
  static NodeSetup usual() {
    return new NodeSetup(256L << 20, false, "");
  }

  NodeSetup withPool(long bytes) {
    return new NodeSetup(bytes, isFaulty, settings);
  }

  NodeSetup withFaultyZfs() {
    return new NodeSetup(poolBytes, true, settings);
  }

  /** With these top-level members of {@code flockerd.yml} too, such as {@code transfer: {…}}. */
  NodeSetup with(String lines) {
    return new NodeSetup(poolBytes, isFaulty, settings + lines + "\n");
  }
}
