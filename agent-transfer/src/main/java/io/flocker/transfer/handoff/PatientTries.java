package io.flocker.transfer.handoff;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.Retry;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.ActionType;
import io.flocker.core.retry.Pauses;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries again and again what is left of handoffs, ever later: seldom where the same is refused
 * until somebody does something about it. The log tells of the first failure, of every other one
 * that follows, and of the end. One round at a time.
 */
final class PatientTries {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration HOPELESS_PAUSE = Duration.ofMinutes(5);

  /** One try. */
  @FunctionalInterface
  interface Try {
    void run() throws Exception;
  }

  /**
   * What has failed so far.
   *
   * @param times in a row, for the same reason
   */
  private record Failed(int times, String why, long dueNanos) {}

  private final Map<VolumeId, Failed> failed = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;

  PatientTries() {
    this(System::nanoTime);
  }

  /** The same by a clock that only goes on. */
  PatientTries(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Tries once, if it is time to.
   *
   * @return whether it is done
   */
  boolean run(VolumeId volume, NodeId peer, Try one) {
    @Nullable Failed before = failed.get(volume);
    if (before != null && before.dueNanos() - nanoTime.getAsLong() > 0) {
      return false;
    }
    try {
      if (before == null) {
        var _ = action(volume, peer).call(() -> done(one));
      } else {
        var _ = Action.quietly(() -> done(one));
        action(volume, peer).succeed(Map.of());
      }
    } catch (Exception e) {
      Failed now = after(before, e);
      if (before != null && !before.why().equals(now.why())) {
        action(volume, peer).fail(e);
      }
      var _ = failed.put(volume, now);
      return false;
    }
    boolean _ = failed.remove(volume) != null;
    return true;
  }

  /** Forgets what is not left any more. */
  void retain(Collection<VolumeId> left) {
    var _ = failed.keySet().retainAll(left);
  }

  private static boolean done(Try one) throws Exception {
    one.run();
    return true;
  }

  private Failed after(@Nullable Failed before, Exception e) {
    String why = String.valueOf(e);
    int times = before == null || !before.why().equals(why) ? 1 : before.times() + 1;
    boolean isHopeless =
        !(e instanceof FailureException known) || known.failure().retry() == Retry.NEVER;
    // The first failure may be of a moment that is over by now.
    Duration pause =
        times == 1
            ? Duration.ZERO
            : Pauses.after(times - 1, FIRST_PAUSE, isHopeless ? HOPELESS_PAUSE : LONGEST_PAUSE);
    return new Failed(times, why, nanoTime.getAsLong() + pause.toNanos());
  }

  private static Action action(VolumeId volume, NodeId peer) {
    return Action.startTask(
        ActionType.HANDOFF_RECOVER, Map.of("volume", volume.toString(), "peer", peer.toString()));
  }
}
