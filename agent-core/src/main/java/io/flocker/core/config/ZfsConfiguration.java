package io.flocker.core.config;

import java.time.Duration;

/**
 * How ZFS is asked.
 *
 * @param zfs key {@code zfs}: the command, a path or a name that is looked up on PATH; {@code zfs}
 *     by default
 * @param zpool key {@code zpool}: likewise; {@code zpool} by default
 * @param deadline key {@code deadline}: how long a command of the control plane may take, 1s to
 *     10m, 30s by default; streams have none
 * @param concurrency key {@code concurrency}: how many commands of the control plane run at once, 1
 *     to 64, 16 by default
 */
public record ZfsConfiguration(String zfs, String zpool, Duration deadline, int concurrency) {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int CONCURRENCY = 16;
  private static final int MAX_CONCURRENCY = 64;

  static ZfsConfiguration read(YamlMapping zfs) {
    ZfsConfiguration configuration =
        new ZfsConfiguration(
            zfs.text("zfs", "zfs"),
            zfs.text("zpool", "zpool"),
            zfs.duration("deadline", Duration.ofSeconds(1), LONGEST, DEADLINE),
            zfs.number("concurrency", 1, MAX_CONCURRENCY, CONCURRENCY));
    zfs.refuseUnknown();
    return configuration;
  }
}
