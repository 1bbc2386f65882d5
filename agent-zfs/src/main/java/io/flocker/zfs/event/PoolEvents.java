package io.flocker.zfs.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flocker.core.failure.FailureException;
import io.flocker.core.failure.StorageFailure;
import io.flocker.core.log.Action;
import io.flocker.core.os.Orphans;
import io.flocker.core.process.Launch;
import io.flocker.core.process.StderrTail;
import io.flocker.core.process.StuckChildren;
import io.flocker.core.process.Termination;
import io.flocker.core.replicate.change.PoolNews;
import io.flocker.core.retry.Backoff;
import io.flocker.core.volume.SnapshotName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a listener what {@code zpool events} says of a pool, and starts that command again where it
 * ends. Owns the thread on which the listener is told and the child, from {@link #start} to {@link
 * #close}. Where this ZFS has no events that is found out once, and nothing is told.
 */
public final class PoolEvents implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** How {@code zpool events} ends where it is unknown, and where it has nothing to follow. */
  private static final Set<Integer> NO_EVENTS = Set.of(0, 2);

  private static final String SNAPSHOT = "snapshot";

  /** What changes the content of a dataset and tells no folder; also of a rollback. */
  private static final Set<String> CHANGES =
      Set.of("clone swap", "finish receiving", "promote", "receive", "rollback", SNAPSHOT);

  private final Launch launch;
  private final List<String> argv;
  private final String pool;
  private final StuckChildren stuck;
  private final PoolNews listener;
  private final Backoff pauses;
  private final InstantSource clock;
  private final Thread thread;

  /** What happened before is seen by whoever compares after the start. */
  private final Instant begun;

  private long last = -1;
  private Instant lastWhen = Instant.MIN;

  /** How far this child has repeated what was heard before; {@link #last} where it is through. */
  private long repeated = -1;

  /** Whether something was told that has happened since {@link #begun}: then all else has, too. */
  private boolean isLive;

  private boolean isFailureTold;
  private volatile boolean isClosed;
  private volatile @Nullable Termination child;

  private PoolEvents(
      Launch launch,
      List<String> argv,
      String pool,
      StuckChildren stuck,
      PoolNews listener,
      Backoff pauses,
      InstantSource clock) {
    this.launch = launch;
    this.argv = argv;
    this.pool = pool;
    this.stuck = stuck;
    this.listener = listener;
    this.pauses = pauses;
    this.clock = clock;
    this.begun = clock.instant();
    this.thread = Thread.ofVirtual().name("pool-events").unstarted(this::run);
  }

  /**
   * Listens from now on.
   *
   * @param argv the command that follows the events of all pools, with all of their members
   * @param pool of which events are told
   * @param stuck is told of a child that does not end
   */
  public static PoolEvents start(
      Launch launch, List<String> argv, String pool, StuckChildren stuck, PoolNews listener) {
    Backoff pauses = Backoff.from(PAUSE, LONGEST_PAUSE);
    return start(launch, argv, pool, stuck, listener, pauses, InstantSource.system());
  }

  static PoolEvents start(
      Launch launch,
      List<String> argv,
      String pool,
      StuckChildren stuck,
      PoolNews listener,
      Backoff pauses,
      InstantSource clock) {
    PoolEvents events = new PoolEvents(launch, argv, pool, stuck, listener, pauses, clock);
    events.thread.start();
    return events;
  }

  /** Ends the child and tells nothing more. Idempotent. */
  @Override
  public void close() {
    isClosed = true;
    Termination left = child;
    if (left != null) {
      left.begin();
    }
    thread.interrupt();
  }

  /** Waits until nothing more is told; false if that takes longer. */
  boolean awaitEnd(Duration patience) throws InterruptedException {
    return thread.join(patience);
  }

  private void run() {
    try {
      while (listen() && !isClosed && pauses.pause()) {
        listener.missed();
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  /** Follows one child to its end; tells whether to start another one. */
  private boolean listen() throws InterruptedException {
    boolean hasHeard = false;
    try {
      Process process = launch.start(unmarked());
      StderrTail words = StderrTail.of(process.getErrorStream());
      Termination termination =
          new Termination(process, String.join(" ", argv), stuck, Termination.GRACE);
      child = termination;
      try {
        if (isClosed) {
          return false;
        }
        hasHeard = read(process);
      } finally {
        boolean _ = termination.await();
      }
      if (!hasHeard && NO_EVENTS.contains(process.exitValue())) {
        return false; // zfs-fuse has no events.
      }
      tellOnce(
          StorageFailure.ZFS_FAILED.because(
              String.join(" ", argv) + " ended: " + words.text().strip()));
    } catch (FailureException e) {
      tellOnce(e);
    }
    return true;
  }

  /**
   * Without the mark by which the next daemon finds the commands of this one, and waits for them:
   * this one changes nothing, and ends at the first event that nobody reads.
   */
  private ProcessBuilder unmarked() {
    ProcessBuilder builder = launch.of(argv);
    builder.environment().remove(Orphans.VARIABLE);
    return builder;
  }

  /** Whether anything was told until the end. */
  private boolean read(Process process) {
    boolean hasHeard = false;
    repeated = -1;
    EventReader reader = new EventReader();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      String line = lines.readLine();
      while (line != null && !isClosed) {
        Optional<PoolEvent> event = reader.take(line);
        if (event.isPresent()) {
          hasHeard = true;
          heard(event.get());
        }
        line = lines.readLine();
      }
    } catch (IOException _) {
      // It has ended.
    }
    return hasHeard;
  }

  /** At its start the command repeats what the kernel still knows, in the order of the numbers. */
  private void heard(PoolEvent event) {
    if (event.number() > repeated && event.number() <= last && !event.when().isAfter(lastWhen)) {
      repeated = event.number();
      return;
    }
    pauses.reset();
    isFailureTold = false;
    if (last >= 0 && event.number() != last + 1) {
      listener.missed(); // Or the module was loaded anew, and counts anew.
    }
    last = event.number();
    repeated = last;
    lastWhen = event.when();
    // A clock that stands before the begin was set back: by it nothing can be told to be old.
    isLive = isLive || !event.when().isBefore(begun) || clock.instant().isBefore(begun);
    if (isLive && event.pool().equals(pool) && CHANGES.contains(event.change()) && !isOwn(event)) {
      listener.happened(dataset(event.subject()));
    }
  }

  private static boolean isOwn(PoolEvent event) {
    String subject = event.subject();
    int at = subject.indexOf('@');
    return event.change().equals(SNAPSHOT)
        && at >= 0
        && SnapshotName.parse(subject.substring(at + 1)).isPresent();
  }

  /** Without a snapshot, and without what ZFS hides in a dataset while it works on it. */
  private static String dataset(String subject) {
    return subject.replaceFirst("(@|/%).*", "");
  }

  private void tellOnce(FailureException why) {
    if (!isFailureTold && !isClosed) {
      isFailureTold = true;
      Action.traceback(why);
    }
  }
}
