package io.flocker.core.fanout;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.TransferFailure;
import io.flocker.core.os.Descriptors;
import io.flocker.core.os.PipeTee;
import io.flocker.core.os.PipeWait;
import io.flocker.core.stream.Child;
import io.flocker.core.stream.Exit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A child whose stream several read, each from a pipe of its own. Owns the child, and a platform
 * thread, until the last share is closed.
 *
 * <p>A share that is full holds back the others, which can be ahead of it by no more than the pipes
 * hold; one that holds them back for too long is lost. One whose reader is gone holds back nobody.
 */
final class SharedChild {
  /** How long the others wait before it is counted; far shorter than any patience. */
  private static final Duration SLICE = Duration.ofMillis(50);

  /** Nothing but the child's next byte, or a share that is given up, is waited for. */
  private static final Duration SOURCE = Duration.ofMinutes(1);

  /** How long whoever closes the last share waits until nothing is read any more. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final long MOST = 1 << 20;

  private final Child source;
  private final int input;
  private final Duration patience;
  private final List<Share> shares = new ArrayList<>();
  private final Thread worker = Thread.ofPlatform().daemon().name("fan-out").unstarted(this::run);
  private int open;

  /** How the child has ended; of one that did well only those hear that have all of it. */
  private @Nullable Exit exit;

  private boolean isWhole;

  private SharedChild(Child source, Duration patience) {
    this.source = source;
    this.input = source.takeDescriptor();
    this.patience = patience;
  }

  /**
   * Shares a child's stream, which nobody has read from yet.
   *
   * @param source is owned from now on, and closed if this throws
   * @param pipeBytes wanted capacity of each share's pipe
   * @param patience how long the others wait for one that takes nothing
   * @param onLoss of each share, is told why it gets no more; does not block
   * @return as many shares, in that order
   */
  static List<Child> share(
      Child source, int pipeBytes, Duration patience, List<Consumer<FailureException>> onLoss)
      throws FailureException {
    SharedChild shared = new SharedChild(source, patience);
    try {
      for (Consumer<FailureException> told : onLoss) {
        shared.shares.add(new Share(source, pipeBytes, patience, shared::closed, told));
      }
      shared.open = shared.shares.size();
      List<Child> all = List.copyOf(shared.shares);
      shared.worker.start();
      source.exit().thenAccept(shared::exited);
      return all;
    } catch (IOException | RuntimeException | Error e) {
      Descriptors.close(shared.input);
      shared.shares.forEach(share -> {
        share.endOfBytes();
        share.end();
      });
      source.close();
      throw TransferFailure.SENDER_FAILED
          .because("the stream cannot be shared: " + e.getMessage())
          .causedBy(e);
    }
  }

  private void closed() {
    boolean isLast;
    synchronized (this) {
      open--;
      isLast = open == 0;
    }
    if (isLast) {
      try {
        boolean _ = worker.join(GRACE); // Its end of the pipe is closed first, then the child.
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      source.close();
    }
  }

  private void exited(Exit how) {
    List<Share> told;
    synchronized (this) {
      exit = how;
      told = how.isSuccess() && !isWhole ? List.of() : List.copyOf(shares);
    }
    told.forEach(share -> share.ended(how));
  }

  private void run() {
    try (PipeTee tee = new PipeTee(input)) {
      boolean isMore = true;
      while (isMore && !shares.isEmpty()) {
        isMore = pass(tee);
      }
    } catch (IOException | RuntimeException | Error e) {
      FailureException why =
          TransferFailure.SENDER_FAILED
              .because("the stream cannot be shared any more: " + e.getMessage())
              .causedBy(e);
      List.copyOf(shares).forEach(share -> lose(share, why));
    } finally {
      Descriptors.close(input);
    }
  }

  /** Passes on what can be, or waits; false when all of it has been. */
  private boolean pass(PipeTee tee) throws IOException {
    boolean hasMoved = false;
    for (Share share : List.copyOf(shares)) {
      if (share.ahead > 0) {
        continue; // Only from its first byte on can what lies in a pipe be passed on.
      }
      long furthest = furthest();
      long count = tee.copy(share.descriptor(), furthest > 0 ? furthest : MOST);
      if (count == 0) {
        whole();
        return false;
      } else if (count == PipeTee.BROKEN) {
        giveUp(share);
      } else if (count > 0) {
        share.ahead = count;
        share.passed += count;
        share.holdUp.moved();
        hasMoved = true;
      }
    }
    long common = shares.stream().mapToLong(share -> share.ahead).min().orElse(0);
    if (common > 0) {
      tee.discard(common);
      shares.forEach(share -> share.ahead -= common);
    } else if (!hasMoved && !shares.isEmpty()) {
      await();
    }
    return true;
  }

  private long furthest() {
    return shares.stream().mapToLong(share -> share.ahead).max().orElse(0);
  }

  private void await() throws IOException {
    if (furthest() == 0 && !hasBytes()) {
      PipeWait wait = new PipeWait();
      int _ = wait.readable(input);
      await(wait, List.copyOf(shares), List.of(), SOURCE);
      return;
    }
    List<Share> full = shares.stream().filter(share -> share.ahead == 0).toList();
    List<Share> others = shares.stream().filter(share -> share.ahead > 0).toList();
    boolean isFelt = false;
    for (Share other : others) {
      isFelt |= other.isIdle();
    }
    long begunNanos = System.nanoTime();
    await(new PipeWait(), others, full, SLICE);
    if (isFelt) {
      long nowNanos = System.nanoTime();
      for (Share share : full) {
        share.holdUp.waited(nowNanos - begunNanos);
        if (shares.contains(share) && share.holdUp.isTooLong(nowNanos)) {
          lose(share, tooSlow(share));
        }
      }
    }
  }

  /** Waits also for a share to be given up. */
  private void await(PipeWait wait, List<Share> idle, List<Share> full, Duration patience)
      throws IOException {
    List<Share> all = new ArrayList<>(idle);
    List<Integer> places = new ArrayList<>();
    idle.forEach(share -> places.add(wait.broken(share.descriptor())));
    full.forEach(share -> places.add(wait.writable(share.descriptor())));
    all.addAll(full);
    wait.await(patience);
    for (int i = 0; i < all.size(); i++) {
      if (wait.isBroken(places.get(i))) {
        giveUp(all.get(i));
      }
    }
  }

  private boolean hasBytes() throws IOException {
    PipeWait look = new PipeWait();
    int place = look.readable(input);
    look.await(Duration.ZERO);
    return look.isReady(place);
  }

  private FailureException tooSlow(Share share) {
    return TransferFailure.TOO_SLOW_TO_SHARE.because(
        "others to which the same zfs send goes waited %.1f s for it, up to %d s at a time is allowed; it had %d bytes"
            .formatted(
                share.holdUp.inAll().toNanos() / (double) TimeUnit.SECONDS.toNanos(1),
                patience.toSeconds(),
                share.passed));
  }

  /** Nothing is left of it: it may hear that the child did well. */
  private void whole() {
    List<Share> told;
    Exit how;
    synchronized (this) {
      isWhole = true;
      how = exit;
      told = List.copyOf(shares);
    }
    told.forEach(Share::endOfBytes);
    if (how != null) {
      told.forEach(share -> share.ended(how));
    }
  }

  /** Its reader is gone. */
  private void giveUp(Share share) {
    leave(share);
    share.ended(Exit.TERMINATED);
    share.endOfBytes();
  }

  private void lose(Share share, FailureException why) {
    leave(share);
    share.lost(why); // Before its pipe ends, which must not look like the stream's end.
    share.endOfBytes();
  }

  private synchronized void leave(Share share) {
    shares.remove(share);
  }
}
