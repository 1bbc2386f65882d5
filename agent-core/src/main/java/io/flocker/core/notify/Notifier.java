package io.flocker.core.notify;

import io.flocker.core.event.Event;
import io.flocker.core.failure.FailureException;
import io.flocker.core.id.NodeId;
import io.flocker.core.id.VolumeId;
import io.flocker.core.log.Action;
import io.flocker.core.log.MessageType;
import io.flocker.core.loop.RoundLoop;
import io.flocker.core.retry.Pauses;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tells one target of every copy and volume that stands otherwise than it was told last. There is
 * no queue: what is told is how it stands then, so a target that was down for days is told of each
 * copy once, and of what has come back to what it was told not at all. One thread at a time looks
 * around; any thread may say that something has happened.
 */
public final class Notifier implements RoundLoop.Rounds {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** How old what was seen may be when it is told; after that there is a new look first. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final NodeId self;
  private final Target target;
  private final Standings standings;
  private final ToldStore store;
  private final Duration pause;
  private final InstantSource clock;
  private final Runnable wake;

  /** What the target was told, or would have been told if anybody had to know it. */
  private final Map<Subject, Told> told = new HashMap<>();

  /** In which states copies were before the first change that was heard of since the last look. */
  private final Map<Subject, String> heard = new HashMap<>();

  private boolean isRead;
  private boolean isStoreTold;
  private int failures;
  private Instant nextTry = Instant.MIN;

  /** What the target has not taken, by subject: the others come before it. */
  private final Map<Subject, Refused> refused = new HashMap<>();

  private final AtomicInteger waiting = new AtomicInteger();
  private volatile @Nullable String complaint;
  private volatile boolean isClosed;

  /** What was not taken, and how often. */
  private record Refused(UUID id, String state, int tries) {}

  /**
   * Tells; a loop has to have it look around.
   *
   * @param pause of one subject is told at most once in that time
   * @param wake is called when it is worth while to look around
   */
  public Notifier(
      NodeId self,
      Target target,
      Standings standings,
      ToldStore store,
      Duration pause,
      InstantSource clock,
      Runnable wake) {
    this.self = self;
    this.target = target;
    this.standings = standings;
    this.store = store;
    this.pause = pause;
    this.clock = clock;
    this.wake = wake;
  }

  /** Looks whether somebody has to be told of what has happened. Does not wait. */
  public void heard(Event event) {
    switch (event.type()) {
      case REPLICATION_CHANGED -> {
        Optional<VolumeId> volume = event.volume();
        Object before = event.members().get("before");
        if (volume.isPresent()
            && before != null
            && event.members().get("peer") instanceof NodeId peer) {
          synchronized (heard) {
            var _ =
                heard.putIfAbsent(new Subject(volume.get(), Optional.of(peer)), before.toString());
          }
        }
        wake.run();
      }
      case VOLUME_CREATED, VOLUME_ROLE_CHANGED, VOLUME_FENCED, VOLUME_DESTROYED -> wake.run();
      default -> {}
    }
  }

  /** Of how many subjects the target is still to be told, by the last look. */
  public int waiting() {
    return waiting.get();
  }

  /** How logs call the target. */
  public String target() {
    return target.name();
  }

  /** Why the last try has failed; empty if it has not. */
  public Optional<String> complaint() {
    return Optional.ofNullable(complaint);
  }

  @Override
  public Optional<Duration> round() {
    try {
      read();
    } catch (FailureException e) {
      tellOnce(e);
      return Optional.of(FIRST_PAUSE);
    }
    Instant begun = now();
    List<Notification> due = new ArrayList<>();
    Optional<Instant> next = look(begun, due);
    if (begun.isBefore(nextTry)) {
      return Optional.of(Duration.between(begun, nextTry));
    }
    for (Notification notification : due) {
      if (isClosed || begun.plus(FRESH).isBefore(now())) {
        return Optional.of(Duration.ZERO);
      }
      if (!tell(notification)) {
        return Optional.of(Duration.between(now(), nextTry));
      }
    }
    return next.map(at -> Duration.between(now(), at));
  }

  @Override
  public void close() {
    isClosed = true;
  }

  private void read() throws FailureException {
    if (!isRead) {
      told.putAll(store.of(target.name()));
      isRead = true;
    }
  }

  /**
   * Finds what is to be told now.
   *
   * @return when there will be more without anything happening
   */
  private Optional<Instant> look(Instant now, List<Notification> due) {
    synchronized (heard) {
      heard.forEach((subject, before) -> told.putIfAbsent(subject, new Told(before, Instant.MIN)));
      heard.clear();
    }
    Standings.Seen seen = standings.now();
    List<Standing> otherwise = new ArrayList<>(seen.all().values());
    told.forEach((subject, last) -> {
      if (seen.isGone(subject)) {
        otherwise.add(gone(subject, now));
      }
    });
    otherwise.removeIf(this::isToBeLeft);
    waiting.set(otherwise.size());
    Optional<Instant> next = Optional.empty();
    // What stands otherwise since it was refused, or is as it was told, begins anew.
    Map<Subject, String> states = new HashMap<>();
    otherwise.forEach(standing -> states.put(standing.subject(), standing.state()));
    refused.entrySet().removeIf(last -> !last.getValue().state().equals(states.get(last.getKey())));
    otherwise.sort(Comparator.comparingInt(this::tries).thenComparing(Standing::since));
    for (Standing standing : otherwise) {
      Told last = told.get(standing.subject());
      Instant earliest =
          last == null || last.at().equals(Instant.MIN) ? now : last.at().plus(pause);
      if (!earliest.isAfter(now)) {
        due.add(notification(standing, Optional.ofNullable(last), now));
      } else if (next.isEmpty() || earliest.isBefore(next.get())) {
        next = Optional.of(earliest);
      }
    }
    return next;
  }

  /** Whether nobody has to be told of it; what is well at the first sight is taken as told. */
  private boolean isToBeLeft(Standing standing) {
    Told last = told.get(standing.subject());
    if (last == null && Standing.isWell(standing.state())) {
      told.put(standing.subject(), new Told(standing.state(), Instant.MIN));
      return true;
    }
    if (last != null && standing.state().equals(Standing.GONE) && Standing.isWell(last.state())) {
      forget(standing.subject());
      return true;
    }
    return last != null && last.state().equals(standing.state());
  }

  private static Standing gone(Subject subject, Instant now) {
    return new Standing(subject, Optional.empty(), Standing.GONE, now, Map.of());
  }

  /** Told again it keeps its id: whoever got it twice can tell. */
  private Notification notification(Standing standing, Optional<Told> before, Instant now) {
    Refused last = refused.get(standing.subject());
    return new Notification(
        last == null ? UUID.randomUUID() : last.id(),
        now,
        self,
        before.filter(known -> !known.isUnsure()).map(Told::state),
        standing);
  }

  /** How often it was told in vain. */
  private int tries(Standing standing) {
    Refused last = refused.get(standing.subject());
    return last == null ? 0 : last.tries();
  }

  private boolean tell(Notification notification) {
    Standing standing = notification.standing();
    // Killed in between, the next daemon tells how it stands then: nobody is left with an alarm.
    store(standing.subject(), Optional.of(Told.unsure(now())));
    try {
      target.tell(notification);
    } catch (FailureException | RuntimeException e) {
      store(standing.subject(), Optional.ofNullable(told.get(standing.subject())));
      failed(notification, e);
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // The daemon ends; the next one tells it.
      isClosed = true;
      return false;
    }
    refused.remove(standing.subject());
    failures = 0;
    nextTry = Instant.MIN;
    complaint = null;
    int _ = waiting.decrementAndGet();
    Action.message(
        MessageType.NOTIFY_TOLD,
        Map.of(
            "target",
            target.name(),
            "subject",
            standing.subject().toString(),
            "state",
            standing.state()));
    if (standing.state().equals(Standing.GONE)) {
      forget(standing.subject());
    } else {
      keep(standing.subject(), new Told(standing.state(), now()));
    }
    return true;
  }

  private void failed(Notification notification, Exception why) {
    failures++;
    refused.put(
        notification.standing().subject(),
        new Refused(
            notification.id(),
            notification.standing().state(),
            tries(notification.standing()) + 1));
    nextTry = now().plus(Pauses.after(failures, FIRST_PAUSE, LONGEST_PAUSE));
    String reason = why instanceof FailureException told ? told.detail() : why.toString();
    complaint = reason;
    if (failures == 1) {
      Action.message(
          MessageType.NOTIFY_FAILED,
          Map.of(
              "target",
              target.name(),
              "subject",
              notification.standing().subject().toString(),
              "reason",
              reason));
    }
  }

  private void keep(Subject subject, Told last) {
    told.put(subject, last);
    store(subject, Optional.of(last));
  }

  private void forget(Subject subject) {
    told.remove(subject);
    store(subject, Optional.empty());
  }

  /**
   * What cannot be kept is remembered until the end of the daemon: the next one may tell it once
   * more, or finds that it is gone.
   */
  private void store(Subject subject, Optional<Told> last) {
    try {
      Optional<Told> kept = last.filter(one -> !one.at().equals(Instant.MIN));
      if (kept.isPresent()) {
        store.put(target.name(), subject, kept.get());
      } else {
        store.remove(target.name(), subject);
      }
      isStoreTold = false;
    } catch (FailureException e) {
      tellOnce(e);
    }
  }

  private void tellOnce(FailureException why) {
    if (!isStoreTold) {
      isStoreTold = true;
      Action.traceback(why);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
