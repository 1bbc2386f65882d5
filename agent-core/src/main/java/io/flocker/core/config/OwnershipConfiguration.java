package io.flocker.core.config;

import java.time.Duration;

/**
 * How carefully volumes are mounted that this node owns.
 *
 * @param confirmWait key {@code confirm-wait}: how long a peer that does not answer is waited for
 *     before volumes are mounted without its word, 0s to 10m, 10s by default; one that may take
 *     over is waited for as long as it takes
 */
public record OwnershipConfiguration(Duration confirmWait) {
  private static final Duration CONFIRM_WAIT = Duration.ofSeconds(10);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  static OwnershipConfiguration read(YamlMapping ownership) {
    OwnershipConfiguration configuration =
        new OwnershipConfiguration(
            ownership.duration("confirm-wait", Duration.ZERO, LONGEST_WAIT, CONFIRM_WAIT));
    ownership.refuseUnknown();
    return configuration;
  }
}
