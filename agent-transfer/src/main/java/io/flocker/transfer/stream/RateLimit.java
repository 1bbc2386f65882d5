package io.flocker.transfer.stream;

import java.util.concurrent.TimeUnit;

/**
 * How fast one stream may go: a bucket that fills at a fixed rate and holds a tenth of a second.
 * What passes may overdraw it, so that the longest burst is that plus one read. On one thread.
 */
public final class RateLimit {
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long DEPTH_PER_SECOND = 10;

  private double bytesPerNano;
  private double depthBytes;
  private double roomBytes;
  private long filledNanos;

  /**
   * Begins with a full bucket.
   *
   * @param bytesPerSecond above 0
   * @param nowNanos of {@link System#nanoTime}, as everywhere here
   */
  public RateLimit(long bytesPerSecond, long nowNanos) {
    this.filledNanos = nowNanos;
    change(bytesPerSecond, nowNanos);
    this.roomBytes = depthBytes;
  }

  /**
   * Fills at another rate from now on; what was overdrawn is made up for at that.
   *
   * @param bytesPerSecond above 0
   */
  void change(long bytesPerSecond, long nowNanos) {
    fill(nowNanos);
    bytesPerNano = bytesPerSecond / NANOS_PER_SECOND;
    depthBytes = bytesPerSecond / (double) DEPTH_PER_SECOND;
    roomBytes = Math.min(depthBytes, roomBytes);
  }

  /** Takes account of bytes that pass. */
  public void pass(long bytes, long nowNanos) {
    fill(nowNanos);
    roomBytes -= bytes;
  }

  /** How long nothing may pass, in nanoseconds; 0 if something may now. */
  public long waitNanos(long nowNanos) {
    fill(nowNanos);
    return roomBytes >= 0 ? 0 : (long) Math.ceil(-roomBytes / bytesPerNano);
  }

  private void fill(long nowNanos) {
    roomBytes = Math.min(depthBytes, roomBytes + (nowNanos - filledNanos) * bytesPerNano);
    filledNanos = nowNanos;
  }
}
