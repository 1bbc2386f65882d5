package io.flocker.core.config;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How streams are moved.
 *
 * @param pipeBytes key {@code pipe}: how much the pipe of a stream's child holds, 64KiB to 1MiB
 *     (above, the kernel asks for a privilege), 1MiB by default
 * @param heartbeat key {@code heartbeat}: how often a receiver says that it lives, 1s to 1m, 5s by
 *     default
 * @param silence key {@code silence}: how long a sender hears nothing before it ends the transfer,
 *     at least twice the heartbeat, at most 10m, 15s by default
 * @param concurrency key {@code concurrency}: how many streams run at once in each direction, 1 to
 *     64, 4 by default
 * @param rate key {@code rate}: how many bytes each stream sends a second at most, 64KiB to 1TiB;
 *     as fast as it goes by default
 * @param verifyRate key {@code verify-rate}: how many bytes of files this node reads a second at
 *     most to compare copies, 1MiB to 1TiB, 128MiB by default
 */
public record TransferConfiguration(
    int pipeBytes,
    Duration heartbeat,
    Duration silence,
    int concurrency,
    OptionalLong rate,
    long verifyRate) {
  private static final int MIN_PIPE = 64 << 10;
  private static final int MAX_PIPE = 1 << 20;
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final Duration LONGEST_HEARTBEAT = Duration.ofMinutes(1);
  private static final Duration SILENCE = Duration.ofSeconds(15);
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);
  private static final long SLOWEST = 64 << 10;
  private static final long FASTEST = 1L << 40;
  private static final long SLOWEST_READING = 1 << 20;
  private static final long READING = 128 << 20;
  private static final int CONCURRENCY = 4;
  private static final int MAX_CONCURRENCY = 64;

  static TransferConfiguration read(YamlMapping transfer) {
    TransferConfiguration configuration =
        new TransferConfiguration(
            Math.toIntExact(transfer.bytes("pipe", MIN_PIPE, MAX_PIPE, MAX_PIPE)),
            transfer.duration("heartbeat", SHORTEST, LONGEST_HEARTBEAT, HEARTBEAT),
            transfer.duration("silence", SHORTEST, LONGEST_SILENCE, SILENCE),
            transfer.number("concurrency", 1, MAX_CONCURRENCY, CONCURRENCY),
            transfer.optionalBytes("rate", SLOWEST, FASTEST),
            transfer.bytes("verify-rate", SLOWEST_READING, FASTEST, READING));
    Duration twice = configuration.heartbeat.multipliedBy(2);
    if (configuration.silence.compareTo(twice) < 0) {
      transfer.refuse(
          "silence",
          "is at least twice the heartbeat, "
              + Quantity.text(twice)
              + ", not "
              + Quantity.text(configuration.silence));
    }
    transfer.refuseUnknown();
    return configuration;
  }
}
