package io.flocker.core.replicate;

import io.flocker.core.operation.Wait;
import java.time.Duration;
import java.time.Instant;

/**
 * What one push waits for, since when, and when it last gave a sign of life. Any thread.
 *
 * <p>What is slow gives signs: a byte that has left, or that the peer's ZFS has taken. What gives
 * none for {@link Patience#told} is told of as stalled; what gives none for {@link Patience#ended}
 * is ended, and tried again. Both are counted from the last sign, not from the beginning: a stream
 * may take days.
 */
final class PhaseWatch {
  /**
   * How long a wait may be without a sign of life.
   *
   * @param told until it counts as stalled
   * @param ended until it is ended
   */
  record Patience(Duration told, Duration ended) {
    private static final Duration NEVER = Duration.ofDays(36_500);

    /** The usual one. Commands and questions have deadlines of their own, which come first. */
    static Patience of(Wait what) {
      return switch (what) {
        case TURN -> new Patience(NEVER, NEVER);
        case LISTING, ASKING, HOOK, SNAPSHOT, PLANNING, ANNOUNCING, PRUNING ->
            new Patience(Duration.ofSeconds(45), Duration.ofMinutes(15));
        // Between two bytes ZFS may look for the next block here, or free what was destroyed there
        // before it takes more: ended sooner, it would be busy as long the next time. Where a peer
        // gives no sign of life at all the stream is ended by itself, within seconds.
        case FIRST_BYTE, BYTES -> new Patience(Duration.ofMinutes(1), Duration.ofHours(1));
        // A receive that has all bytes has nothing more to show, and a pool may be slow to sync.
        case PROOF -> new Patience(Duration.ofMinutes(2), Duration.ofHours(1));
        // Each side's reading has a deadline of two days, and shows nothing while it goes on.
        case VERIFYING -> new Patience(Duration.ofDays(4), Duration.ofDays(5));
      };
    }
  }

  private Wait what = Wait.TURN;
  private Instant since;
  private Instant sign;
  private long sentBytes;
  private long takenBytes;

  PhaseWatch(Instant now) {
    this.since = now;
    this.sign = now;
  }

  /** Something else is waited for from now on. */
  synchronized void waitsFor(Wait next, Instant now) {
    what = next;
    since = now;
    sign = now;
    if (next == Wait.FIRST_BYTE) {
      sentBytes = 0;
      takenBytes = 0;
    }
  }

  /** The present stream has come so far. */
  synchronized void moved(long sent, long taken, Instant now) {
    if (sent == sentBytes && taken == takenBytes) {
      return;
    }
    if (what == Wait.FIRST_BYTE && sent > 0) {
      what = Wait.BYTES;
      since = now;
    }
    sentBytes = sent;
    takenBytes = taken;
    sign = now;
  }

  synchronized Wait what() {
    return what;
  }

  /** When that began to be waited for. */
  synchronized Instant since() {
    return since;
  }

  /** How many bytes of the present stream have left. */
  synchronized long sentBytes() {
    return sentBytes;
  }

  synchronized boolean isStalled(Instant now) {
    return silence(now).compareTo(Patience.of(what).told()) >= 0;
  }

  synchronized boolean isToBeEnded(Instant now) {
    return silence(now).compareTo(Patience.of(what).ended()) >= 0;
  }

  /** How long there was no sign of life. */
  synchronized Duration silence(Instant now) {
    return Duration.between(sign, now);
  }
}
