package io.flocker.transfer.stream;

import java.time.Duration;

/**
 * Sizes and patience of the byte mover.
 *
 * @param pipeBytes what the pipe to a child should hold (F_SETPIPE_SZ, fcntl(2)); root may go
 *     beyond /proc/sys/fs/pipe-max-size, others get less
 * @param readBytes most that one read of a child's pipe brings
 * @param heartbeat how often a receiver says what it has taken, whether bytes move or not
 * @param silence how long a sender waits for the receiver's next word
 * @param stall how long no byte may move while neither side is at fault for certain, and how long a
 *     child that has the whole stream may take to end: it may think for long; generous
 * @param idle how long a body may bring nothing while its sender does not say that its child is at
 *     work; longer than several {@link #heartbeat heartbeats}
 * @param brokenGrace how long a child that has closed its stdin may take to exit and say why
 * @param rate how fast a stream may be sent, asked for all the time
 */
public record TransferSettings(
    int pipeBytes,
    int readBytes,
    Duration heartbeat,
    Duration silence,
    Duration stall,
    Duration idle,
    Duration brokenGrace,
    RateSource rate) {
  /** How much of a stream's end stays back until it is proven; ZFS's END record has 312 bytes. */
  public static final int HELD_BACK_BYTES = 4096;

  public TransferSettings {
    if (pipeBytes < HELD_BACK_BYTES || readBytes < HELD_BACK_BYTES) {
      throw new IllegalArgumentException(
          "pipeBytes and readBytes are at least " + HELD_BACK_BYTES + ": choose more");
    }
    if (!heartbeat.isPositive()
        || silence.compareTo(heartbeat) <= 0
        || !stall.isPositive()
        || !idle.isPositive()) {
      throw new IllegalArgumentException(
          "heartbeat, stall and idle are positive, and silence is longer than a heartbeat");
    }
  }

  /** What fits unless an operator knows better. */
  public static TransferSettings defaults() {
    return new TransferSettings(
        1 << 20,
        768 << 10,
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofHours(1),
        Duration.ofSeconds(30),
        Duration.ofMillis(500),
        RateSource.FREE);
  }

  /** The same, no faster than {@code other} has it either. */
  public TransferSettings and(RateSource other) {
    return new TransferSettings(
        pipeBytes, readBytes, heartbeat, silence, stall, idle, brokenGrace, rate.and(other));
  }
}
